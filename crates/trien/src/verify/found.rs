//! All signatures of a file, also those that a later revision hides and those of a file whose
//! structure is damaged.

use std::collections::HashSet;

use trien_cms::{CmsError, SignatureContents, SubFilter};
use trien_pdf::{
    ChangeClass, Dictionary, Document, FieldValue, History, ObjectPlace, ReadError, RevisionIndex,
    SignatureDictionary, Widget, salvage_signatures, signature_fields,
};
use trien_types::Limits;

/// How a signature was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// Through the form of the newest revision.
    Form,
    /// Only through the form of an earlier revision: a later one removed it.
    EarlierForm,
    /// By a search through the octets: the structure is damaged or encrypted.
    Search,
}

/// What stands behind the field.
#[derive(Debug)]
pub(super) enum Value {
    Signature(Box<SignatureDictionary>),
    Unreadable(ReadError),
}

/// The octets of /Contents in the format that /SubFilter names.
#[derive(Debug)]
pub(super) enum Contents {
    Parsed(Box<SignatureContents>),
    Malformed(CmsError),
    /// /SubFilter is absent or unknown.
    FormatUnknown,
}

#[derive(Debug)]
pub(super) struct FoundSignature {
    pub(super) field: String,
    pub(super) reached: Reached,
    /// The field's own dictionary, which may hold a lock.
    pub(super) dictionary: Option<Dictionary>,
    pub(super) value: Value,
    pub(super) contents: Contents,
    /// Where the field shows, as far as the form of its revision says.
    pub(super) widgets: Vec<Widget>,
}

impl FoundSignature {
    fn new(
        field: String,
        reached: Reached,
        dictionary: Option<Dictionary>,
        value: Value,
        limits: &Limits,
    ) -> Self {
        let contents = match &value {
            Value::Unreadable(_) => Contents::FormatUnknown,
            Value::Signature(dictionary) => contents(dictionary, limits),
        };
        Self {
            field,
            reached,
            dictionary,
            value,
            contents,
            widgets: Vec::new(),
        }
    }

    /// Where its signed octets end, or its dictionary stands: the order of signing.
    fn order(&self) -> usize {
        match &self.value {
            Value::Unreadable(error) => error.offset,
            Value::Signature(dictionary) => match &dictionary.byte_range {
                Ok(range) => range.end(),
                Err(_) => dictionary.place.map_or(usize::MAX, |place| place.end()),
            },
        }
    }
}

fn contents(dictionary: &SignatureDictionary, limits: &Limits) -> Contents {
    let name = dictionary.sub_filter().map(|name| name.as_octets());
    let Some(sub_filter) = name.and_then(SubFilter::from_name) else {
        return Contents::FormatUnknown;
    };
    let parsed = SignatureContents::parse(
        &dictionary.contents,
        sub_filter,
        &dictionary.certificates,
        limits,
    );
    match parsed {
        Ok(contents) => Contents::Parsed(Box::new(contents)),
        Err(error) => Contents::Malformed(error),
    }
}

/// What is in the file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) signatures: Vec<FoundSignature>,
    pub(super) empty_fields: Vec<String>,
    /// Why the form of the newest revision could not be read.
    pub(super) problem: Option<ReadError>,
}

/// Finds the signatures, in the order of signing.
pub(super) fn find(
    document: Option<(&Document<'_>, &History)>,
    bytes: &[u8],
    limits: &Limits,
) -> Found {
    let mut found = Found::default();
    let mut places = HashSet::new();
    if let Some((document, history)) = document {
        for (revision, reached) in revisions_to_read(document, history) {
            read_form(document, revision, reached, &mut found, &mut places);
        }
    }
    // A file whose revisions do not follow one another may hide signed ones between them.
    let hidden = document.is_some_and(|(document, history)| {
        document.unfinished_tail().is_some()
            || document.revisions().any(|revision| {
                let mut changes = history.of(revision).iter();
                changes.any(|change| change.kind.class() == ChangeClass::Forbidden)
            })
    });
    if found.signatures.is_empty() && (document.is_none() || found.problem.is_some() || hidden) {
        for dictionary in salvage_signatures(bytes, limits) {
            if document.is_some_and(|(document, _)| is_stray(document, &dictionary, &found)) {
                continue;
            }
            let field = dictionary
                .object
                .map(|id| id.to_string())
                .unwrap_or_default();
            let value = Value::Signature(Box::new(dictionary));
            found.signatures.push(FoundSignature::new(
                field,
                Reached::Search,
                None,
                value,
                limits,
            ));
        }
    }
    found.signatures.sort_by_key(FoundSignature::order);
    found
}

/// Whether the newest revision shows a dictionary and yet no signature field does: usage rights, or
/// the value of a text field, are no signatures (ATTACKS.md, C9, F7, F8).
fn is_stray(document: &Document<'_>, dictionary: &SignatureDictionary, found: &Found) -> bool {
    let shown = dictionary.object.is_some_and(|id| {
        let located = document.object(id, document.latest());
        located.is_ok_and(|located| match (located.place, dictionary.place) {
            (ObjectPlace::InFile(shown), Some(place)) => shown.start() == place.start(),
            _ => false,
        })
    });
    shown && found.problem.is_none()
}

/// The newest revision, and each one before a revision that changed more than it may: what is
/// signed there may have been taken out of the form.
fn revisions_to_read(document: &Document<'_>, history: &History) -> Vec<(RevisionIndex, Reached)> {
    let mut wanted = vec![(document.latest(), Reached::Form)];
    let revisions: Vec<RevisionIndex> = document.revisions().collect();
    for pair in revisions.windows(2).rev() {
        if let [before, after] = pair
            && history
                .of(*after)
                .iter()
                .any(|change| change.kind.class() == ChangeClass::Forbidden)
        {
            wanted.push((*before, Reached::EarlierForm));
        }
    }
    wanted
}

fn read_form(
    document: &Document<'_>,
    revision: RevisionIndex,
    reached: Reached,
    found: &mut Found,
    places: &mut HashSet<usize>,
) {
    let fields = match signature_fields(document, revision) {
        Ok(fields) => fields,
        Err(error) => {
            if reached == Reached::Form {
                found.problem = Some(error);
            }
            return;
        }
    };
    for field in fields {
        let value = match field.value {
            FieldValue::Empty => {
                if reached == Reached::Form {
                    found.empty_fields.push(field.full_name);
                }
                continue;
            }
            FieldValue::Signature(dictionary) => Value::Signature(dictionary),
            FieldValue::Unreadable(error) => Value::Unreadable(error),
            _ => continue,
        };
        let place = match &value {
            Value::Signature(dictionary) => dictionary.place.map(|place| place.start()),
            Value::Unreadable(error) => Some(error.offset),
        };
        if let Some(place) = place
            && !places.insert(place)
        {
            continue;
        }
        let limits = document.limits();
        let mut signature = FoundSignature::new(
            field.full_name,
            reached,
            Some(field.dictionary),
            value,
            limits,
        );
        signature.widgets = field.widgets;
        found.signatures.push(signature);
    }
}
