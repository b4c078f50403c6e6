//! Changes of the trailer and of the catalog (ISO 32000-2, 7.5.5, 7.7.2).

use super::kind::ChangeKind;
use super::metadata::only_records;
use super::ownership::HARMLESS_IN_TRAILERS;
use super::references::References;
use super::step::{Result, Step};
use crate::{Dictionary, Object, ObjectId, RevisionIndex};

impl Step<'_, '_> {
    /// /Root and /Encrypt stay; /Info may be replaced; an update has no business with more.
    pub(super) fn explain_trailer(&mut self) {
        let [old, new] = [self.before, self.after].map(|at| self.document.trailer(at));
        let known =
            |key: &str| KNOWN_IN_TRAILERS.contains(&key) || HARMLESS_IN_TRAILERS.contains(&key);
        // Objects kept alive by a key of one's own wait for a reader that knows it.
        let strange = new.entries().iter().any(|entry| {
            matches!(entry.value, Object::Reference(_)) && !known(&entry.key.to_string())
        });
        let twice = new.duplicate_key().is_some();
        // A size that no file can have sends readers to rebuild the file for themselves.
        let limit = i64::from(self.document.limits().objects).saturating_add(1);
        let size_of = |trailer: &Dictionary| {
            let size = trailer.get("Size").and_then(Object::as_integer);
            size.filter(|size| (1..=limit).contains(size))
        };
        let absurd = size_of(new).is_none();
        // 7.5.5: what it leaves out is missing for some readers, and shown by others.
        let too_small = size_of(new).is_some_and(|size| {
            let sections = self.document.sections(self.after);
            let ends = sections
                .flat_map(|section| section.numbers())
                .map(|(first, count)| i64::from(first.saturating_add(count)));
            // Readers ask the newest trailer: Acrobat writes 1 into updates of nothing.
            let before = size_of(old).filter(|_| self.after == self.document.latest());
            ends.chain(before).max().is_some_and(|end| end > size)
        });
        if too_small {
            self.note(None, ChangeKind::SizeTooSmall);
        }
        let identity = Identity::of(old, new);
        let renamed = identity == Identity::Lost;
        if identity == Identity::Replaced {
            self.note(None, ChangeKind::IdentityReplaced);
        }
        if old.get("Encrypt") != new.get("Encrypt") || strange || twice || absurd || renamed {
            self.note(None, ChangeKind::TrailerChanged);
        }
        let info = [old.get("Info"), new.get("Info")];
        // What was something else before is no information.
        let moved = new.get("Info").filter(|info| old.get("Info") != Some(info));
        if let Some(moved) = moved
            && !self.is_information(&self.resolved(moved, self.after))
        {
            self.note(None, ChangeKind::TrailerChanged);
        }
        for id in info.into_iter().flatten().filter_map(Object::as_reference) {
            let readable = self.touched.get(&id.number).is_some_and(|touched| {
                self.is_information(&touched.old) && self.is_information(&touched.new)
            });
            if readable {
                let kind = match self.touched.get(&id.number) {
                    Some(touched) if only_records(&touched.old, &touched.new) => {
                        ChangeKind::ModificationRecorded
                    }
                    _ => ChangeKind::MetadataReplaced,
                };
                self.explains_owned(id, kind, ["Info"]);
            }
        }
    }

    fn resolved(&self, object: &Object, at: RevisionIndex) -> Object {
        self.document.resolve(object, at).unwrap_or(Object::Null)
    }

    /// The document information dictionary (14.3.3) holds strings and names alone.
    fn is_information(&self, object: &Object) -> bool {
        let is_text = |value: &Object| {
            let value = match value {
                Object::Reference(_) => self.resolved(value, self.after),
                other => other.clone(),
            };
            matches!(value, Object::String(_) | Object::Name(_) | Object::Null)
        };
        match object {
            Object::Null => true,
            Object::Dictionary(dictionary) => dictionary
                .entries()
                .iter()
                .all(|entry| is_text(&entry.value)),
            _ => false,
        }
    }

    pub(super) fn explain_catalog(&mut self, references: &References) -> Result<()> {
        let (old_root, old) = self.document.catalog(self.before)?;
        let (root, new) = self.document.catalog(self.after)?;
        let mut explained = true;
        for key in self.differing_keys(&old, &new)? {
            explained &= match key.as_str() {
                // What these hold tells its changes itself.
                "AcroForm" | "DSS" | "StructTreeRoot" => true,
                "Metadata" => self.metadata_is_harmless(&new)?,
                "Extensions" => self.extensions_only_declared(&old, &new, root)?,
                "Version" => self.version_only_rises(&old, &new, root)?,
                "Perms" => self.permissions_only_added(&old, &new)?,
                // Tools name what they keep for themselves in one place (14.5).
                "PieceInfo" | "LastModified" => {
                    self.note(Some(root), ChangeKind::MetadataReplaced);
                    true
                }
                // 7.7.2, table 29: which panel a reader opens beside the page.
                "PageMode" => {
                    self.note(Some(root), ChangeKind::MetadataReplaced);
                    self.opens_a_panel(&new)?
                }
                "Names" => {
                    self.note(Some(root), ChangeKind::FormResourcesExtended);
                    self.names_only_gain_appearances(&old, &new)?
                }
                "MarkInfo" | "Lang" => {
                    self.note(Some(root), ChangeKind::TaggingDeclared);
                    self.old_value(&old, &key)? == Object::Null
                }
                _ => false,
            };
        }
        if explained {
            self.carries(root);
        }
        if old_root != root && !explained {
            self.note(Some(root), ChangeKind::TrailerChanged);
        }
        self.explain_metadata(&old, &new)?;
        self.explain_store(&old, &new, root, references)?;
        self.explain_form(&old, &new, root)?;
        self.explain_structure(&old, &new, references)
    }

    /// Whether a reader opens a panel or none: on the full screen nothing beside the page is seen.
    fn opens_a_panel(&self, new: &Dictionary) -> Result<bool> {
        let mode = self.new_value(new, "PageMode")?;
        let is_panel = |mode: &crate::Name| PANELS.iter().any(|panel| *mode == **panel);
        Ok(mode == Object::Null || mode.as_name().is_some_and(is_panel))
    }

    /// The name trees of the document may gain one of appearances (7.7.4): scripts, destinations
    /// and files stay as they are (C10).
    fn names_only_gain_appearances(&self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let Object::Dictionary(new) = self.new_value(new, "Names")? else {
            return Ok(false);
        };
        let old = match self.old_value(old, "Names")? {
            Object::Null => Dictionary::new(),
            Object::Dictionary(old) => old,
            _ => return Ok(false),
        };
        let differing = self.differing_keys(&old, &new)?;
        let gains = old.get("AP").is_none() || !differing.iter().any(|key| key == "AP");
        Ok(gains && differing.iter().all(|key| key == "AP"))
    }

    /// /Perms may appear with the certification of a signature that is new with it (12.8.6).
    fn permissions_only_added(&mut self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let Object::Dictionary(new) = self.new_value(new, "Perms")? else {
            return Ok(false);
        };
        let old = match self.old_value(old, "Perms")? {
            Object::Null => Dictionary::new(),
            Object::Dictionary(old) => old,
            _ => return Ok(false),
        };
        let differing = self.differing_keys(&old, &new)?;
        if differing != ["DocMDP"] || old.get("DocMDP").is_some() {
            return Ok(false);
        }
        let Some(signature) = new.get("DocMDP").and_then(Object::as_reference) else {
            return Ok(false);
        };
        let is_new = self.is_new(signature)?;
        if is_new {
            self.note(Some(signature), ChangeKind::CertificationDeclared);
        }
        Ok(is_new)
    }
}

/// Page modes that show the page as it is (7.7.2, table 29).
const PANELS: [&str; 5] = [
    "UseAttachments",
    "UseNone",
    "UseOC",
    "UseOutlines",
    "UseThumbs",
];

/// Keys of trailers and cross-reference streams (7.5.5, 7.5.8.2).
const KNOWN_IN_TRAILERS: [&str; 13] = [
    "DecodeParms",
    "Encrypt",
    "Filter",
    "ID",
    "Index",
    "Info",
    "Length",
    "Prev",
    "Root",
    "Size",
    "Type",
    "W",
    "XRefStm",
];

/// What became of /ID (14.4).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// Its first part stays, as it does for the life of a document.
    Kept,
    /// Some programs give every update an identity of its own.
    Replaced,
    /// It is none, or the one that the keys of an encrypted document were made from (7.6.4.3)
    /// is gone.
    Lost,
}

impl Identity {
    fn of(old: &Dictionary, new: &Dictionary) -> Self {
        let (was, is) = (old.get("ID"), new.get("ID"));
        if was == is {
            return Self::Kept;
        }
        let is_encrypted = old.get("Encrypt").is_some();
        let first = |id: Option<&Object>| match id.and_then(Object::as_array) {
            Some([Object::String(first), Object::String(_)]) => Some(first.octets.clone()),
            _ => None,
        };
        match (first(was), first(is)) {
            (Some(was), Some(now)) if was == now => Self::Kept,
            _ if is_encrypted => Self::Lost,
            (None, Some(_)) => Self::Kept,
            (Some(_), Some(_)) => Self::Replaced,
            // An update may be silent about it.
            (_, None) if is.is_none() => Self::Kept,
            (_, None) => Self::Lost,
        }
    }
}

/// Ids of a dictionary's value when it is a reference.
pub(super) fn reference_of(dictionary: &Dictionary, key: &str) -> Option<ObjectId> {
    dictionary.get(key).and_then(Object::as_reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor::Cursor;
    use crate::parse::direct_object;
    use trien_types::Limits;

    fn trailer(text: &str) -> Dictionary {
        let mut cursor = Cursor::new(text.as_bytes(), 0);
        match direct_object(&mut cursor, &Limits::default()).unwrap() {
            Object::Dictionary(dictionary) => dictionary,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn x12_the_identity_of_an_encrypted_file_stays_and_a_malformed_one_is_none() {
        let identity = |old: &str, new: &str| Identity::of(&trailer(old), &trailer(new));
        let plain = "<< /ID [<00> <01>] >>";
        let encrypted = "<< /ID [<00> <01>] /Encrypt 9 0 R >>";
        for (old, new, expected) in [
            (plain, "<< /ID [<00> <02>] >>", Identity::Kept),
            (plain, "<< /ID [<03> <02>] >>", Identity::Replaced),
            (plain, "<< >>", Identity::Kept),
            (plain, "<< /ID 5 >>", Identity::Lost),
            (plain, "<< /ID [<00>] >>", Identity::Lost),
            ("<< >>", plain, Identity::Kept),
            (encrypted, "<< /ID [<00> <02>] >>", Identity::Kept),
            (encrypted, "<< /ID [<03> <02>] >>", Identity::Lost),
            (encrypted, "<< >>", Identity::Lost),
        ] {
            assert!(identity(old, new) == expected, "{old} {new}");
        }
    }
}
