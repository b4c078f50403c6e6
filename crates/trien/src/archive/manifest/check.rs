//! An archive held against its list: what is missing, added, changed, or cannot be compared.
//!
//! Knows names, digests and verdicts, and reads no file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use trien_policy::DocumentConclusion;

use super::{ListedFile, Manifest, composed};

/// How an archive differs from its manifest, by names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManifestCheck {
    /// Listed and not there.
    pub missing: Vec<String>,
    /// There and not listed. Of files that have one name here, composed (Unicode NFC) and whatever
    /// folder they were read from, each beyond those listed: its name stands once for each.
    pub added: Vec<String>,
    /// The same files, each with the path that the user named before its name: with several paths
    /// that is what tells two of one name apart.
    #[serde(default)]
    pub places_added: Vec<String>,
    /// There with other octets, or to be read then and not now, or now and not then.
    pub changed: Vec<String>,
    /// There, and not to be read when the list was made and not now either: nobody knows whether it
    /// is the same.
    #[serde(default)]
    pub uncompared: Vec<String>,
    /// Listed, and not below any path that was named: nobody looked whether it is there. See
    /// [`Manifest::check_in`].
    #[serde(default)]
    pub beyond: Vec<String>,
    /// The folders of the list that were looked at where that was not all of it.
    #[serde(default)]
    pub below: Vec<String>,
    /// Folders inside those that were named, below which the list's files are.
    #[serde(default)]
    pub above: Vec<String>,
    /// Unchanged, and judged otherwise today.
    pub judged_otherwise: Vec<String>,
    /// The files of `changed`, each with the path that the user named.
    #[serde(default)]
    pub places_changed: Vec<String>,
    /// The files of `uncompared`, each with the path that the user named.
    #[serde(default)]
    pub places_uncompared: Vec<String>,
    /// The files of `judged_otherwise`, each with the path that the user named.
    #[serde(default)]
    pub places_judged_otherwise: Vec<String>,
    /// The same files with both verdicts.
    #[serde(default)]
    pub verdicts: Vec<VerdictChange>,
}

/// A file that is judged otherwise than when it was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VerdictChange {
    /// Its name.
    pub file: String,
    /// What the manifest says.
    pub before: DocumentConclusion,
    /// What is found today.
    pub now: DocumentConclusion,
}

impl ManifestCheck {
    /// Whether the archive is known to be what was handed over; verdicts may change with time.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.missing.is_empty()
            && self.added.is_empty()
            && self.changed.is_empty()
            && self.uncompared.is_empty()
            && self.beyond.is_empty()
    }
}

impl Manifest {
    /// How an archive differs. Of several files with the name of a listed one, that with its octets
    /// is taken for it, and the others are added: in whatever order they come, none goes unsaid.
    #[must_use]
    pub fn check(&self, files: &[ListedFile]) -> ManifestCheck {
        let mut there = There::default();
        for file in files {
            let same_name = there.entry(composed(&file.file)).or_default();
            let key = file.sha256.as_deref();
            same_name.entry(key).or_default().push(file);
        }
        // First all those whose octets are there, so that none is taken for another.
        let same: Vec<(&ListedFile, Option<&ListedFile>)> = self
            .files
            .iter()
            .map(|listed| (listed, take_same(&mut there, listed)))
            .collect();
        let mut check = ManifestCheck::default();
        for (listed, same) in same {
            let Some(found) = same.or_else(|| take_any(&mut there, listed)) else {
                check.missing.push(listed.file.clone());
                continue;
            };
            let place = found.place.clone();
            if listed.sha256 != found.sha256 {
                check.changed.push(listed.file.clone());
                check.places_changed.push(place);
            } else if listed.sha256.is_none() {
                check.uncompared.push(listed.file.clone());
                check.places_uncompared.push(place);
            } else if listed.conclusion != found.conclusion {
                check.judged_otherwise.push(listed.file.clone());
                check.places_judged_otherwise.push(place);
                check.verdicts.push(VerdictChange {
                    file: listed.file.clone(),
                    before: listed.conclusion,
                    now: found.conclusion,
                });
            }
        }
        for (name, further) in there {
            let mut places: Vec<&str> = further
                .into_values()
                .flatten()
                .map(|file| file.place.as_str())
                .collect();
            places.sort_unstable();
            for place in places {
                check.added.push(name.clone());
                check.places_added.push(place.to_owned());
            }
        }
        check
    }
}

/// The files of an archive by their names, composed, and of each name by their digests.
type There<'f> = BTreeMap<String, BTreeMap<Option<&'f str>, Vec<&'f ListedFile>>>;

/// Takes a file out that has the name and the octets of a listed one.
fn take_same<'f>(there: &mut There<'f>, listed: &'f ListedFile) -> Option<&'f ListedFile> {
    let same_name = there.get_mut(&composed(&listed.file))?;
    same_name.get_mut(&listed.sha256.as_deref())?.pop()
}

/// Takes a file out that has the name of a listed one.
fn take_any<'f>(there: &mut There<'f>, listed: &ListedFile) -> Option<&'f ListedFile> {
    let same_name = there.get_mut(&composed(&listed.file))?;
    loop {
        let mut first = same_name.first_entry()?;
        if let Some(file) = first.get_mut().pop() {
            return Some(file);
        }
        first.remove();
    }
}

#[cfg(test)]
mod tests {
    use trien_types::UnixTime;

    use super::super::ManifestError;
    use super::super::tests::file;
    use super::*;

    #[test]
    fn every_further_file_of_a_listed_name_is_added_in_whatever_order_it_comes() {
        use DocumentConclusion::Valid;
        let (composed, combining) = ("Học bạ.pdf", "Ho\u{323}c ba\u{323}.pdf");
        let made = UnixTime::from_seconds(1_780_000_000);
        let manifest = Manifest::new(made, "p", 1, vec![file(combining, "01", Valid)]).unwrap();
        let (honest, forged) = (file(composed, "01", Valid), file(combining, "02", Valid));
        for found in [
            [honest.clone(), forged.clone()],
            [forged.clone(), honest.clone()],
            [file(combining, "01", Valid), file(composed, "02", Valid)],
            // The same relative path and the same octets, out of another folder.
            [honest.clone(), honest.clone()],
        ] {
            let check = manifest.check(&found);
            assert_eq!(check.added, [composed], "{found:?}");
            assert!(check.changed.is_empty() && check.missing.is_empty());
            assert!(!check.is_same());
        }
        let check = manifest.check(&[forged.clone(), forged.clone(), forged.clone()]);
        assert_eq!((check.changed.len(), check.added.len()), (1, 2));
        // A list of an earlier version may have two of one name.
        let mut twice = manifest.clone();
        twice.files.insert(0, file(composed, "03", Valid));
        let check = twice.check(std::slice::from_ref(&honest));
        assert_eq!((check.missing.len(), check.changed.len()), (1, 0));
        let refused = Manifest::new(made, "p", 1, vec![honest, forged]).unwrap_err();
        assert!(matches!(&refused, ManifestError::SameName(name) if name == composed));
        assert!(refused.to_string().contains("hãy đổi tên một tệp"));
    }

    #[test]
    fn what_could_not_be_read_then_and_now_is_not_compared_and_not_called_changed() {
        use DocumentConclusion::{Unreadable, Valid};
        let unread = |name: &str| ListedFile {
            sha256: None,
            ..file(name, "", Unreadable)
        };
        let made = UnixTime::from_seconds(1_780_000_000);
        let listed = vec![
            unread("a.zip/1.pdf"),
            unread("b.pdf"),
            file("c.pdf", "01", Valid),
        ];
        let manifest = Manifest::new(made, "p", 1, listed).unwrap();
        let check = manifest.check(&manifest.files);
        assert_eq!(check.uncompared, ["a.zip/1.pdf", "b.pdf"]);
        assert!(check.changed.is_empty() && !check.is_same());
        // What can be read at one of the two times alone is another file.
        let found = [
            unread("a.zip/1.pdf"),
            file("b.pdf", "02", Valid),
            unread("c.pdf"),
        ];
        let check = manifest.check(&found);
        assert_eq!(check.uncompared, ["a.zip/1.pdf"]);
        assert_eq!(check.changed, ["b.pdf", "c.pdf"]);
        assert_eq!(check.places_changed, ["disc/b.pdf", "disc/c.pdf"]);
        assert_eq!(check.places_uncompared, ["disc/a.zip/1.pdf"]);
    }
}
