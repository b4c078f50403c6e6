//! What one revision changes of the revision before it, and which changes explain themselves as a
//! later signature's own update. Whatever no rule explains is `Unexplained`, never dropped.

use std::collections::{HashMap, HashSet};

use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex};

type Result<T> = std::result::Result<T, ReadError>;

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// A signature field was added, with its widget and value.
    SignatureFieldAdded {
        /// Full name.
        field: String,
    },
    /// An empty signature field received its value.
    SignatureFieldFilled {
        /// Full name.
        field: String,
    },
    /// The catalog or the form changed as a new signature needs it.
    FormExtended,
    /// A page or its list of annotations received the widget of a new signature.
    WidgetAdded,
    /// Validation data were added (ISO 32000-2, 12.8.4.3).
    SecurityStoreExtended,
    /// The document information or metadata were replaced.
    MetadataReplaced,
    /// The trailer changed more than an update must.
    TrailerChanged,
    /// Octets behind the last revision belong to none.
    UnaccountedOctets {
        /// Where they start.
        offset: usize,
    },
    /// The revision is not closed by startxref and `%%EOF`.
    UnfinishedRevision,
    /// The two views of a hybrid file differ (ATTACKS.md, X5).
    HybridDivergence,
    /// An object changed and no rule explains it.
    Unexplained,
    /// An object cannot be read, so that nobody can say what changed.
    Unreadable(ReadError),
}

/// Whether a kind of change may follow a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Verdict {
    /// It may.
    Permitted,
    /// It may not.
    Forbidden,
}

impl ChangeKind {
    /// Whether the change may follow an approval signature.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::SignatureFieldAdded { .. }
            | Self::SignatureFieldFilled { .. }
            | Self::FormExtended
            | Self::WidgetAdded
            | Self::SecurityStoreExtended
            | Self::MetadataReplaced => Verdict::Permitted,
            Self::TrailerChanged
            | Self::UnaccountedOctets { .. }
            | Self::UnfinishedRevision
            | Self::HybridDivergence
            | Self::Unexplained
            | Self::Unreadable(_) => Verdict::Forbidden,
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The revision that brought it.
    pub revision: RevisionIndex,
    /// The object it is about, if one.
    pub object: Option<ObjectId>,
    /// What happened.
    pub kind: ChangeKind,
}

/// The changes that `revision` makes to the one before it; none for the first revision.
#[must_use]
pub fn changes_of(document: &Document<'_>, revision: RevisionIndex) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(before) = revision.0.checked_sub(1).map(RevisionIndex) {
        let mut step = Step {
            document,
            before,
            after: revision,
            kinds: HashMap::new(),
            touched: Vec::new(),
            changes: Vec::new(),
        };
        if let Err(error) = step.compare() {
            step.note(None, ChangeKind::Unreadable(error));
        }
        changes = step.changes;
    }
    let mut note = |kind| {
        changes.push(Change {
            revision,
            object: None,
            kind,
        });
    };
    match document.revision_end(revision) {
        None => note(ChangeKind::UnfinishedRevision),
        Some(end) if revision == document.latest() => {
            let rest = document.bytes().get(end..).unwrap_or_default();
            let spaces = rest
                .iter()
                .take_while(|octet| crate::cursor::is_white_space(**octet))
                .count();
            if spaces < rest.len() {
                note(ChangeKind::UnaccountedOctets {
                    offset: end.saturating_add(spaces),
                });
            }
        }
        Some(_) => {}
    }
    changes
}

struct Step<'d, 'a> {
    document: &'d Document<'a>,
    before: RevisionIndex,
    after: RevisionIndex,
    /// Explanations by object.
    kinds: HashMap<ObjectId, ChangeKind>,
    /// Objects that the update touches and that differ: (id, what it was, what it is).
    touched: Vec<(ObjectId, Object, Object)>,
    changes: Vec<Change>,
}

impl Step<'_, '_> {
    fn note(&mut self, object: Option<ObjectId>, kind: ChangeKind) {
        self.changes.push(Change {
            revision: self.after,
            object,
            kind,
        });
    }

    fn compare(&mut self) -> Result<()> {
        self.compare_trailers();
        self.collect_touched()?;
        self.explain()?;
        for (id, old, _) in std::mem::take(&mut self.touched) {
            match self.kinds.remove(&id) {
                Some(kind) => self.note(Some(id), kind),
                // A new object alone shows nothing: what refers to it is judged by itself.
                None if old == Object::Null => {}
                None => self.note(Some(id), ChangeKind::Unexplained),
            }
        }
        Ok(())
    }

    fn compare_trailers(&mut self) {
        let [old, new] = [self.before, self.after].map(|at| self.document.trailer(at));
        if old.get("Root") != new.get("Root") || old.get("Encrypt") != new.get("Encrypt") {
            self.note(None, ChangeKind::TrailerChanged);
        }
    }

    fn collect_touched(&mut self) -> Result<()> {
        let mut numbers: Vec<u32> = Vec::new();
        let mut diverges = Vec::new();
        for section in self.document.sections(self.after) {
            for (first, count) in section.numbers() {
                for number in first..first.saturating_add(count) {
                    let hidden = section.hidden_entry(number)?;
                    let plain = section.plain_entry(self.document.bytes(), number)?;
                    if let (Some(hidden), Some(plain)) = (hidden, plain)
                        && plain != crate::XrefEntry::Free
                        && hidden != crate::XrefEntry::Free
                        && plain != hidden
                    {
                        diverges.push(number);
                    }
                    numbers.push(number);
                }
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        for number in diverges {
            self.note(Some(ObjectId::new(number, 0)), ChangeKind::HybridDivergence);
        }
        let containers = self.touched_containers(&numbers)?;
        if !containers.is_empty() {
            // Objects held by a replaced object stream change without an entry of their own.
            for container in containers {
                self.note(Some(ObjectId::new(container, 0)), ChangeKind::Unexplained);
            }
        }
        for number in numbers {
            self.touch(number)?;
        }
        Ok(())
    }

    /// Object streams of earlier revisions that this update gives a new place.
    fn touched_containers(&self, numbers: &[u32]) -> Result<Vec<u32>> {
        let mut found = Vec::new();
        for number in numbers {
            let id = ObjectId::new(*number, 0);
            let (old, _) = self.document.entry(*number, self.before)?;
            if !matches!(old, crate::XrefEntry::InFile { .. }) {
                continue;
            }
            let Ok(located) = self.document.object(id, self.before) else {
                continue;
            };
            let is_container = located.object.as_stream().is_some_and(|stream| {
                stream
                    .dictionary
                    .get("Type")
                    .and_then(Object::as_name)
                    .is_some_and(|n| *n == "ObjStm")
            });
            if is_container && !self.same_place(*number)? {
                found.push(*number);
            }
        }
        Ok(found)
    }

    fn same_place(&self, number: u32) -> Result<bool> {
        Ok(self.document.entry(number, self.before)?.0
            == self.document.entry(number, self.after)?.0)
    }

    fn touch(&mut self, number: u32) -> Result<()> {
        if self.same_place(number)? {
            return Ok(());
        }
        let generation = |entry| match entry {
            crate::XrefEntry::InFile { generation, .. } => generation,
            crate::XrefEntry::Free | crate::XrefEntry::InStream { .. } => 0,
        };
        let mut ids = [self.before, self.after]
            .map(|at| {
                self.document
                    .entry(number, at)
                    .map(|(entry, _)| generation(entry))
            })
            .into_iter()
            .collect::<Result<Vec<u16>>>()?;
        ids.dedup();
        for generation in ids {
            let id = ObjectId::new(number, generation);
            let old = self.document.object(id, self.before)?.object;
            match self.document.object(id, self.after) {
                Err(error) => self.note(Some(id), ChangeKind::Unreadable(error)),
                Ok(located) => {
                    if !self.same(&old, &located.object)? {
                        self.touched.push((id, old, located.object));
                    }
                }
            }
        }
        Ok(())
    }

    fn same(&self, old: &Object, new: &Object) -> Result<bool> {
        match (old, new) {
            (Object::Stream(old), Object::Stream(new)) => Ok(old.dictionary == new.dictionary
                && self.document.encoded(old, self.before)?
                    == self.document.encoded(new, self.after)?),
            _ => Ok(old == new),
        }
    }

    fn old_of(&self, id: ObjectId) -> Result<Object> {
        Ok(self.document.object(id, self.before)?.object)
    }

    fn is_new(&self, id: ObjectId) -> Result<bool> {
        Ok(self.old_of(id)? == Object::Null)
    }

    /// Walks what a signature's update may touch, from the catalog and the pages down.
    fn explain(&mut self) -> Result<()> {
        let (root, new) = self.document.catalog(self.after)?;
        let (_, old) = self.document.catalog(self.before)?;
        let info = [self.before, self.after].map(|at| self.document.trailer(at).get("Info"));
        for id in info.into_iter().flatten().filter_map(Object::as_reference) {
            self.kinds.insert(id, ChangeKind::MetadataReplaced);
        }
        let keys = ["AcroForm", "DSS", "Extensions", "Metadata"];
        if same_but(&old, &new, &keys) {
            self.kinds.insert(root, ChangeKind::FormExtended);
        }
        if let Some(id) = new.get("Metadata").and_then(Object::as_reference) {
            self.kinds.insert(id, ChangeKind::MetadataReplaced);
        }
        if let Some(store) = new.get("DSS") {
            self.explain_store(store)?;
        }
        let added = self.explain_form(&old, &new, root)?;
        self.explain_widgets(&added)
    }

    fn explain_store(&mut self, store: &Object) -> Result<()> {
        let mut pending = vec![store.clone()];
        let mut seen = HashSet::new();
        while let Some(object) = pending.pop() {
            if seen.len() > self.document.limits().fields {
                return Ok(());
            }
            let object = match object {
                Object::Reference(id) => {
                    if !seen.insert(id) {
                        continue;
                    }
                    let new = self.document.object(id, self.after)?.object;
                    // Validation data themselves never change; the lists that name them grow.
                    if !matches!(new, Object::Stream(_)) {
                        self.kinds.insert(id, ChangeKind::SecurityStoreExtended);
                    }
                    new
                }
                direct => direct,
            };
            match object {
                Object::Array(elements) => pending.extend(elements),
                Object::Dictionary(dictionary) => {
                    let keys = [
                        "VRI", "Certs", "CRLs", "OCSPs", "Cert", "CRL", "OCSP", "TU", "TS",
                    ];
                    for entry in dictionary.entries() {
                        let known = keys.iter().any(|key| entry.key == *key);
                        // Keys of /VRI are hashes in upper-case hexadecimal.
                        if known || entry.key.as_octets().len() == 40 {
                            pending.push(entry.value.clone());
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The form may gain fields at its end and the flags for signatures; returns the ids of the
    /// fields and widgets that came with it.
    fn explain_form(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        root: ObjectId,
    ) -> Result<HashSet<ObjectId>> {
        let mut added = HashSet::new();
        let old_form = self.document.value(old, "AcroForm", self.before)?;
        let new_form = self.document.value(new, "AcroForm", self.after)?;
        let empty = Dictionary::new();
        let (Some(new_form_dictionary), old_form_dictionary) = (
            new_form.as_dictionary(),
            old_form.as_dictionary().unwrap_or(&empty),
        ) else {
            if old_form != Object::Null {
                self.kinds.remove(&root);
            }
            return Ok(added);
        };
        let old_fields = self.elements(old_form_dictionary, "Fields", self.before)?;
        let new_fields = self.elements(new_form_dictionary, "Fields", self.after)?;
        let grown = new_fields.starts_with(&old_fields);
        let fitting = same_but(
            old_form_dictionary,
            new_form_dictionary,
            &["Fields", "SigFlags"],
        ) || old_form == Object::Null;
        if !grown || !fitting {
            self.kinds.remove(&root);
            return Ok(added);
        }
        if let Some(id) = new.get("AcroForm").and_then(Object::as_reference) {
            self.kinds.insert(id, ChangeKind::FormExtended);
        }
        if let Some(id) = new_form_dictionary
            .get("Fields")
            .and_then(Object::as_reference)
        {
            self.kinds.insert(id, ChangeKind::FormExtended);
        }
        for field in crate::signature_fields(self.document, self.after)? {
            let Some(id) = field.object else { continue };
            let is_new = self.is_new(id)?;
            if is_new {
                let kind = ChangeKind::SignatureFieldAdded {
                    field: field.full_name,
                };
                self.kinds.insert(id, kind);
                added.insert(id);
            } else {
                let old = self.old_of(id)?;
                let keys = ["V", "AP", "M", "F", "MK", "AS"];
                if let Some(old) = old.as_dictionary()
                    && old.get("V").is_none_or(|value| *value == Object::Null)
                    && same_but(old, &field.dictionary, &keys)
                {
                    let kind = ChangeKind::SignatureFieldFilled {
                        field: field.full_name,
                    };
                    self.kinds.insert(id, kind);
                }
            }
            for widget in field.widgets.iter().filter_map(|widget| widget.object) {
                if self.is_new(widget)? {
                    added.insert(widget);
                }
            }
        }
        for (index, field) in new_fields.iter().enumerate() {
            let known = index < old_fields.len();
            let explained = field.as_reference().is_some_and(|id| added.contains(&id));
            if !known && !explained {
                self.note(field.as_reference(), ChangeKind::Unexplained);
            }
        }
        Ok(added)
    }

    fn elements(
        &self,
        dictionary: &Dictionary,
        key: &str,
        revision: RevisionIndex,
    ) -> Result<Vec<Object>> {
        Ok(match self.document.value(dictionary, key, revision)? {
            Object::Array(elements) => elements,
            _ => Vec::new(),
        })
    }

    /// Pages and lists of annotations may gain the widgets in `added`, at any place.
    fn explain_widgets(&mut self, added: &HashSet<ObjectId>) -> Result<()> {
        let mut explained = Vec::new();
        for (id, old, new) in &self.touched {
            let fits = match (old, new) {
                (Object::Array(old), Object::Array(new)) => only_gains(old, new, added),
                (Object::Dictionary(old), Object::Dictionary(new)) => {
                    let is_page = old
                        .get("Type")
                        .and_then(Object::as_name)
                        .is_some_and(|n| *n == "Page");
                    let [old_list, new_list] = [
                        self.elements(old, "Annots", self.before)?,
                        self.elements(new, "Annots", self.after)?,
                    ];
                    is_page
                        && same_but(old, new, &["Annots"])
                        && only_gains(&old_list, &new_list, added)
                }
                _ => false,
            };
            if fits {
                explained.push(*id);
            }
        }
        for id in explained {
            self.kinds.entry(id).or_insert(ChangeKind::WidgetAdded);
        }
        Ok(())
    }
}

/// Whether two dictionaries differ at most in `keys`.
fn same_but(old: &Dictionary, new: &Dictionary, keys: &[&str]) -> bool {
    let [old, new] = [old, new].map(|dictionary| {
        let mut rest = dictionary.clone();
        keys.iter().for_each(|key| rest.remove(key));
        rest
    });
    old == new
}

/// Whether `new` is `old` with references from `added` put in.
fn only_gains(old: &[Object], new: &[Object], added: &HashSet<ObjectId>) -> bool {
    let is_added = |object: &&Object| object.as_reference().is_some_and(|id| added.contains(&id));
    new.len() > old.len() && new.iter().filter(|object| !is_added(object)).eq(old)
}
