//! What the catalog declares of the format (ISO 32000-2, 7.2.3.2, 7.12): a newer version, extensions.

use super::kind::ChangeKind;
use super::step::{Result, Step};
use crate::{Dictionary, Object, ObjectId};

/// Versions of PDF, in their order.
const VERSIONS: [&str; 9] = [
    "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0",
];

/// Keys of a developer extension (7.12.3, table 49).
const OF_AN_EXTENSION: [&str; 5] = [
    "BaseVersion",
    "ExtensionLevel",
    "ExtensionRevision",
    "Type",
    "URL",
];

impl Step<'_, '_> {
    /// /Version may appear or rise, to a version that there is (X17): an older one than the header
    /// states would be passed over, or mislead.
    pub(super) fn version_only_rises(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        root: ObjectId,
    ) -> Result<bool> {
        let rank = |value: &Object| {
            let name = value.as_name()?;
            VERSIONS.iter().position(|version| name == *version)
        };
        let stated = rank(&self.old_value(old, "Version")?);
        let start = self.document.header_offset().saturating_add(b"%PDF-".len());
        let header = self.document.bytes().get(start..).unwrap_or_default();
        let header = VERSIONS
            .iter()
            .position(|version| header.starts_with(version.as_bytes()));
        let rises = rank(&self.new_value(new, "Version")?).is_some_and(|new| {
            stated.is_none_or(|old| old <= new) && header.is_none_or(|header| header <= new)
        });
        self.note(Some(root), ChangeKind::ExtensionsDeclared);
        Ok(rises)
    }

    /// /Extensions may gain developer extensions, which name a version, a level and an address.
    /// What was declared stays, at this level or another.
    pub(super) fn extensions_only_declared(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        root: ObjectId,
    ) -> Result<bool> {
        self.note(Some(root), ChangeKind::ExtensionsDeclared);
        let Object::Dictionary(declared) = self.new_value(new, "Extensions")? else {
            return Ok(false);
        };
        if let Object::Dictionary(before) = self.old_value(old, "Extensions")? {
            let mut entries = before.entries().iter();
            if !entries.all(|entry| declared.get(&entry.key.to_string()).is_some()) {
                return Ok(false);
            }
        }
        for entry in declared.entries() {
            let value = self.document.resolve(&entry.value, self.after)?;
            let fits = match &value {
                Object::Name(_) => entry.key == "Type",
                Object::Dictionary(extension) => is_extension(extension),
                // ISO 32000-2 allows several of one developer.
                Object::Array(several) => several
                    .iter()
                    .all(|one| one.as_dictionary().is_some_and(is_extension)),
                _ => false,
            };
            if !fits {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn is_extension(dictionary: &Dictionary) -> bool {
    let mut entries = dictionary.entries().iter();
    entries.all(|entry| {
        OF_AN_EXTENSION.iter().any(|known| entry.key == *known)
            && matches!(
                entry.value,
                Object::Integer(_) | Object::Name(_) | Object::String(_)
            )
    })
}
