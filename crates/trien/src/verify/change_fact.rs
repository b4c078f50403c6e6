//! One change of a later revision → its fact: the stable word, the field, where it shows, and what
//! the permissions say of it. Finds no change itself.

use std::cell::RefCell;
use std::collections::BTreeMap;

use trien_pdf::{
    Change, ChangeKind, Covered, Document, Judge, LookShows, MarkFault, Object, ObjectId,
    RevisionIndex, Verdict,
};
use trien_policy::{ChangeFact, ChangeVerdict, ChangeWord, CoveredWord};

/// The stable word of a kind of change, and the field it is about.
fn word(kind: &ChangeKind) -> (ChangeWord, Option<&String>) {
    match kind {
        ChangeKind::ActionAdded => (ChangeWord::ActionAdded, None),
        ChangeKind::AliasedObject => (ChangeWord::AliasedObject, None),
        ChangeKind::Annotation { subtype, .. } => (ChangeWord::Annotation, Some(subtype)),
        ChangeKind::AnnotationLost { subtype, .. } => (ChangeWord::AnnotationLost, Some(subtype)),
        ChangeKind::AnnotationOrder => (ChangeWord::AnnotationOrder, None),
        ChangeKind::CertificationDeclared => (ChangeWord::CertificationDeclared, None),
        ChangeKind::DocumentTimestampAdded { field, .. } => {
            (ChangeWord::DocumentTimestampAdded, Some(field))
        }
        ChangeKind::EmptySignatureFieldAdded { field, .. } => {
            (ChangeWord::EmptySignatureFieldAdded, Some(field))
        }
        ChangeKind::Encrypted => (ChangeWord::Encrypted, None),
        ChangeKind::ExtensionsDeclared => (ChangeWord::ExtensionsDeclared, None),
        ChangeKind::FieldAdded { field } => (ChangeWord::FieldAdded, Some(field)),
        ChangeKind::FieldChanged { field, .. } => (ChangeWord::FieldChanged, Some(field)),
        ChangeKind::FieldFilled { field, .. } => (ChangeWord::FieldFilled, Some(field)),
        ChangeKind::FieldLocked { field, .. } => (ChangeWord::FieldLocked, Some(field)),
        ChangeKind::FieldRemoved { field } => (ChangeWord::FieldRemoved, Some(field)),
        ChangeKind::FormExtended => (ChangeWord::FormExtended, None),
        ChangeKind::FormResourcesExtended => (ChangeWord::FormResourcesExtended, None),
        ChangeKind::HybridDivergence => (ChangeWord::HybridDivergence, None),
        ChangeKind::IdentityReplaced => (ChangeWord::IdentityReplaced, None),
        ChangeKind::MetadataReplaced => (ChangeWord::MetadataReplaced, None),
        ChangeKind::ModificationRecorded => (ChangeWord::ModificationRecorded, None),
        ChangeKind::LooselyFramed { .. } | ChangeKind::ObjectStreamMalformed => {
            (ChangeWord::StructureDamaged, None)
        }
        ChangeKind::ObjectRewritten => (ChangeWord::ObjectRewritten, None),
        ChangeKind::SecondCertification { field } => (ChangeWord::SecondCertification, Some(field)),
        ChangeKind::SecurityStoreChanged => (ChangeWord::SecurityStoreChanged, None),
        ChangeKind::SignatureFieldAdded { field, .. } => {
            (ChangeWord::SignatureFieldAdded, Some(field))
        }
        ChangeKind::SignatureFieldFilled { field, .. } => {
            (ChangeWord::SignatureFieldFilled, Some(field))
        }
        ChangeKind::SizeTooSmall => (ChangeWord::SizeTooSmall, None),
        ChangeKind::StructureEmbedded { .. } => (ChangeWord::StructureEmbedded, None),
        ChangeKind::StructureExtended => (ChangeWord::StructureExtended, None),
        ChangeKind::TaggingDeclared => (ChangeWord::TaggingDeclared, None),
        ChangeKind::TrailerChanged => (ChangeWord::TrailerChanged, None),
        ChangeKind::TrailingLineEnds { .. } => (ChangeWord::TrailingLineEnds, None),
        ChangeKind::UnaccountedOctets { .. } => (ChangeWord::UnaccountedOctets, None),
        ChangeKind::UnfinishedRevision => (ChangeWord::UnfinishedRevision, None),
        ChangeKind::Unreadable(_) => (ChangeWord::Unreadable, None),
        ChangeKind::UnreferencedObject => (ChangeWord::UnreferencedObject, None),
        ChangeKind::WidgetAdded => (ChangeWord::WidgetAdded, None),
        ChangeKind::Unexamined(_) => (ChangeWord::Unexamined, None),
        ChangeKind::Unexplained | _ => (ChangeWord::Unexplained, None),
    }
}

/// A page's number, and a rectangle on it.
type Shown = Option<(Option<usize>, Option<[f64; 4]>)>;

/// Where changes show, each found once: every signature before a change tells it.
#[derive(Debug)]
pub(super) struct Places<'d, 'a> {
    document: &'d Document<'a>,
    shown: RefCell<BTreeMap<(ObjectId, RevisionIndex), Shown>>,
    pages: RefCell<BTreeMap<(ObjectId, RevisionIndex), Option<usize>>>,
}

impl<'d, 'a> Places<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>) -> Self {
        Self {
            document,
            shown: RefCell::default(),
            pages: RefCell::default(),
        }
    }

    fn shown(&self, id: ObjectId, revision: RevisionIndex) -> Shown {
        let question = (id, revision);
        if let Some(known) = self.shown.borrow().get(&question) {
            return *known;
        }
        let shown = self.find(id, revision);
        self.shown.borrow_mut().insert(question, shown);
        shown
    }

    fn page_number(&self, page: ObjectId, revision: RevisionIndex) -> Option<usize> {
        let question = (page, revision);
        if let Some(known) = self.pages.borrow().get(&question) {
            return *known;
        }
        let number = self.document.page_number(page, revision).ok().flatten();
        self.pages.borrow_mut().insert(question, number);
        number
    }

    /// The page on which a widget or annotation shows, and where on it; the number of a page itself.
    fn find(&self, id: ObjectId, revision: RevisionIndex) -> Shown {
        let document = self.document;
        let mut object = document.object(id, revision).ok()?.object;
        if object == Object::Null {
            // What is gone is told where it was.
            let before = document
                .revisions()
                .nth(revision.number().checked_sub(2)?)?;
            object = document.object(id, before).ok()?.object;
        }
        let dictionary = object.as_dictionary()?;
        let type_name = dictionary.get("Type").and_then(Object::as_name);
        let page = if type_name.is_some_and(|name| *name == "Page") {
            Some(id)
        } else {
            dictionary.get("P").and_then(Object::as_reference)
        };
        let number = page.and_then(|page| self.page_number(page, revision));
        Some((number, trien_pdf::rectangle(dictionary, document, revision)))
    }
}

/// As [`ObjectId`] displays itself, without the machinery of formatting: each signature tells the
/// changes of all revisions after its own.
fn object_text(id: ObjectId) -> String {
    let mut text = id.number.to_string();
    text.push(' ');
    text.push_str(&id.generation.to_string());
    text
}

/// What is told of a change, and whether it may be.
pub(super) fn change_fact(
    places: &Places<'_, '_>,
    change: &Change,
    judge: &mut Judge<'_>,
) -> ChangeFact {
    let (kind, field) = word(&change.kind);
    let (verdict, fault) = judge.next(change);
    let verdict = match verdict {
        Verdict::Permitted => ChangeVerdict::Permitted,
        Verdict::Forbidden | _ => ChangeVerdict::Forbidden,
    };
    let mut fact = ChangeFact::new(change.revision.number(), kind, verdict);
    fact.object = change.object.map(object_text);
    // 7.6.2: strings of an encrypted document are no text without the password.
    let is_clear = !places.document.has_encrypted_strings();
    let is_name = matches!(change.kind, ChangeKind::Annotation { .. });
    fact.field = field.filter(|_| is_clear || is_name).cloned();
    if is_clear
        && let ChangeKind::FieldFilled {
            values: Some(values),
            ..
        } = &change.kind
    {
        fact.old_value = Some(values.old.clone());
        fact.new_value = Some(values.new.clone());
    }
    if is_clear
        && let ChangeKind::FieldChanged {
            look: Some(look), ..
        } = &change.kind
    {
        fact.old_value = Some(look.values.old.clone());
        fact.new_value = Some(look.values.new.clone());
        match &look.shows {
            LookShows::Text(text) => fact.shown_value = Some(text.clone()),
            LookShows::DoubtedFont(font) => fact.doubted_font = Some(font.clone()),
            _ => {}
        }
    }
    if let Some(shown) = change
        .object
        .and_then(|id| places.shown(id, change.revision))
    {
        (fact.page, fact.rectangle) = shown;
    }
    // What lists the annotation, before what the annotation says of itself.
    let listing = change
        .page
        .and_then(|page| places.page_number(page, change.revision));
    fact.page = listing.or(fact.page);
    // A signature may show several marks: the one at fault is told, or one that lies over
    // something, or the first.
    let at_fault = fault.map(|(mark, _)| mark);
    let over = change.marks.iter().max_by_key(|mark| mark.covers);
    let over = over.filter(|mark| mark.covers.is_some());
    if let Some(mark) = at_fault.or(over).or(change.marks.first()) {
        let page = mark.page;
        fact.page = page.and_then(|page| places.page_number(page, change.revision));
        fact.rectangle =
            Some(mark.rectangle).filter(|sides| sides.iter().all(|side| side.is_finite()));
    }
    let fault = fault
        .map(|(_, fault)| fault)
        .or_else(|| Some(MarkFault::Covers(over?.covers?)));
    fact.covers = fault.map(covered_word);
    fact
}

const fn covered_word(fault: MarkFault) -> CoveredWord {
    match fault {
        MarkFault::Covers(Covered::Annotation) => CoveredWord::Annotation,
        MarkFault::Covers(Covered::Drawing) => CoveredWord::Drawing,
        MarkFault::Covers(Covered::Elsewhere) => CoveredWord::Elsewhere,
        MarkFault::Covers(Covered::CrossedMark | Covered::Mark) => CoveredWord::Mark,
        MarkFault::Covers(Covered::PartOfMark) => CoveredWord::PartOfMark,
        MarkFault::Covers(Covered::Picture) => CoveredWord::Picture,
        MarkFault::Covers(Covered::Scan) => CoveredWord::Scan,
        MarkFault::Covers(Covered::Text) => CoveredWord::Text,
        MarkFault::Crowds => CoveredWord::Page,
        MarkFault::Covers(Covered::Unread | _) | _ => CoveredWord::Unread,
    }
}
