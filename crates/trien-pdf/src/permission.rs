//! What the signatures of a document declare that may change after them (ISO 32000-2, 12.8.2).
//! Says nothing about what did change.

use crate::{
    Change, ChangeClass, Covering, Dictionary, DocMdpPermission, Document, FieldNames, Object,
    ReadError, RevisionIndex, SignatureDictionary, decode_text,
};

/// Fields that a signature locks (12.7.5.5, 12.8.2.4).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldLock {
    /// Every field.
    All,
    /// Every field but these and what is below them.
    AllBut(FieldNames),
    /// These fields and what is below them.
    These(FieldNames),
}

impl FieldLock {
    /// Whether a field of this full name is locked. Names match by whole components: a lock on
    /// `a` locks `a.b` and not `ab` (ATTACKS.md, F2).
    #[must_use]
    pub fn locks(&self, full_name: &str) -> bool {
        match self {
            Self::All => true,
            Self::AllBut(names) => !names.include(full_name),
            Self::These(names) => names.include(full_name),
        }
    }
}

/// The fields that a signature locks, by its dictionary or by its field's.
pub(crate) fn locks_of(
    document: &Document<'_>,
    of: (&Dictionary, Option<&Dictionary>),
    revision: RevisionIndex,
) -> Result<Vec<FieldLock>, ReadError> {
    let mut permission = Permission::default();
    permission.take_locks(document, of, revision)?;
    Ok(permission.locks)
}

/// Whether a change may follow a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Verdict {
    /// It may.
    Permitted,
    /// It may not.
    Forbidden,
}

/// What may follow a signature: its own declarations and those of the signatures before it.
/// Permissions only shrink.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permission {
    /// The strictest certification; `None` for a document that nobody certified.
    pub certification: Option<DocMdpPermission>,
    /// What may follow while nobody certified the document: ISO 32000-2, 12.8.2.2 leaves it open.
    pub uncertified: DocMdpPermission,
    /// All locks on fields.
    pub locks: Vec<FieldLock>,
    /// Whether a seal stands over the document already.
    pub sealing: Sealing,
}

/// Whether one of the signatures so far is a seal: behind it no look may lie over what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Sealing {
    /// None is.
    #[default]
    Unsealed,
    /// One is.
    Sealed,
}

impl Default for Permission {
    /// Behind signatures that certify nothing: further signatures and filled fields.
    fn default() -> Self {
        Self::uncertified(DocMdpPermission::FormsAndSignatures)
    }
}

impl Permission {
    /// What may follow before any signature declared anything: loosened to annotations that hide
    /// nothing, or tightened to nothing but validation data, as the caller likes.
    #[must_use]
    pub const fn uncertified(uncertified: DocMdpPermission) -> Self {
        Self {
            certification: None,
            uncertified,
            locks: Vec::new(),
            sealing: Sealing::Unsealed,
        }
    }

    /// This permission and what `signature` adds to it.
    ///
    /// # Errors
    /// The references of the signature, or the lock of its field, cannot be read.
    #[must_use = "permissions are values"]
    pub fn and(
        mut self,
        document: &Document<'_>,
        signature: &SignatureDictionary,
        field: Option<&Dictionary>,
        revision: RevisionIndex,
    ) -> Result<Self, ReadError> {
        self.restrict(signature.certification);
        self.take_locks(document, (&signature.dictionary, field), revision)?;
        Ok(self)
    }

    /// The locks of a signature dictionary and of its field.
    fn take_locks(
        &mut self,
        document: &Document<'_>,
        (signature, field): (&Dictionary, Option<&Dictionary>),
        revision: RevisionIndex,
    ) -> Result<(), ReadError> {
        let references = document.value(signature, "Reference", revision)?;
        for reference in references.as_array().unwrap_or_default() {
            let Object::Dictionary(reference) = document.resolve(reference, revision)? else {
                continue;
            };
            let method = document.value(&reference, "TransformMethod", revision)?;
            if method.as_name().is_some_and(|name| *name == "FieldMDP")
                && let Object::Dictionary(parameters) =
                    document.value(&reference, "TransformParams", revision)?
            {
                self.add_lock(document, &parameters, revision)?;
            }
        }
        if let Some(field) = field
            && let Object::Dictionary(lock) = document.value(field, "Lock", revision)?
        {
            self.add_lock(document, &lock, revision)?;
        }
        Ok(())
    }

    fn restrict(&mut self, certification: Option<DocMdpPermission>) {
        self.certification = match (self.certification, certification) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
    }

    fn add_lock(
        &mut self,
        document: &Document<'_>,
        lock: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<(), ReadError> {
        let action = document.value(lock, "Action", revision)?;
        let mut names = FieldNames::default();
        if let Object::Array(fields) = document.value(lock, "Fields", revision)? {
            for field in &fields {
                if let Object::String(name) = document.resolve(field, revision)? {
                    names.add(&decode_text(&name));
                }
            }
        }
        // 7.6.2: names are no text without the password, and match none.
        let is_named = matches!(
            action.as_name().map(crate::Name::as_octets),
            Some(b"Include" | b"Exclude")
        );
        if document.is_encrypted() && is_named {
            self.locks.push(FieldLock::All);
        }
        match action.as_name().map(crate::Name::as_octets) {
            Some(b"All") => self.locks.push(FieldLock::All),
            Some(b"Include") => self.locks.push(FieldLock::These(names)),
            Some(b"Exclude") => self.locks.push(FieldLock::AllBut(names)),
            _ => {}
        }
        // ISO 32000-2, table 236: /P restricts the document as a certification would.
        self.restrict(match document.value(lock, "P", revision)?.as_integer() {
            Some(1) => Some(DocMdpPermission::NoChanges),
            Some(2) => Some(DocMdpPermission::FormsAndSignatures),
            Some(3) => Some(DocMdpPermission::Annotations),
            _ => None,
        });
        Ok(())
    }

    /// Whether `change` may follow: what the certification names, or what may follow uncertified.
    #[must_use]
    pub fn verdict(&self, change: &Change) -> Verdict {
        let locked = |field: &str| self.locks.iter().any(|lock| lock.locks(field));
        let level = self.certification.unwrap_or(self.uncertified);
        let permitted = match change.kind.class() {
            ChangeClass::Validation | ChangeClass::Housekeeping => true,
            ChangeClass::Describing => level != DocMdpPermission::NoChanges,
            ChangeClass::Signing { field, covering } => {
                // C5: a new mark over a certified page could hide what was certified. A field
                // that was there when it was certified may be filled.
                let hides = covering == Covering::Page
                    || (self.certification.is_some() && covering == Covering::Possible);
                level != DocMdpPermission::NoChanges
                    && !hides
                    && change.marks.iter().all(|mark| self.may_show(mark))
                    && !field.is_some_and(|field| locked(&field))
            }
            ChangeClass::FormFilling(field) => {
                level != DocMdpPermission::NoChanges
                    && change.marks.iter().all(|mark| self.may_fill(mark))
                    && !locked(&field)
            }
            // What is drawn over a signed page shows something else than was signed.
            ChangeClass::Annotating(covering) => {
                level == DocMdpPermission::Annotations && covering == Covering::No
            }
            ChangeClass::Forbidden => false,
        };
        if permitted {
            Verdict::Permitted
        } else {
            Verdict::Forbidden
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f2_a_lock_names_whole_components() {
        let lock = FieldLock::These(["a"].into_iter().collect());
        assert!(lock.locks("a") && lock.locks("a.b"));
        assert!(!lock.locks("ab") && !lock.locks("b.a"));
        assert!(FieldLock::AllBut(["a"].into_iter().collect()).locks("ab"));
    }

    #[test]
    fn what_follows_without_a_certification_is_the_callers_to_say() {
        use DocMdpPermission::{Annotations, FormsAndSignatures, NoChanges};
        let change = |kind| Change::new(RevisionIndex(1), None, kind);
        let comment = |covering| crate::ChangeKind::Annotation {
            subtype: "Text".into(),
            covering,
        };
        let is_permitted = |level, kind| {
            Permission::uncertified(level).verdict(&change(kind)) == Verdict::Permitted
        };
        assert_eq!(Permission::default().uncertified, FormsAndSignatures);
        for (level, comments, metadata) in [
            (NoChanges, false, false),
            (FormsAndSignatures, false, true),
            (Annotations, true, true),
        ] {
            assert_eq!(is_permitted(level, comment(Covering::No)), comments);
            assert!(!is_permitted(level, comment(Covering::Possible)));
            let metadata_replaced = crate::ChangeKind::MetadataReplaced;
            assert_eq!(is_permitted(level, metadata_replaced), metadata);
            assert!(is_permitted(level, crate::ChangeKind::SecurityStoreChanged));
        }
    }
}
