//! Where what is held against a list stands in it. A list names files below the folder that it was
//! made of; whoever checks may name a folder inside that one, the one above it, or single files by
//! a pattern. What was not looked at is not called missing.
//!
//! Knows names, digests and verdicts, and reads no file.

use std::collections::BTreeMap;

use super::{ListedFile, Manifest, ManifestCheck, composed};

/// Files of a folder by which its place in the list is guessed; all of them weigh a guess.
const ASKED: usize = 64;
/// Files of the list that have the last part of one name, and guesses, that are looked at.
const GUESSES: usize = 256;

/// How names below a folder become those of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Shift {
    #[default]
    Same,
    /// The folder is this one of the list.
    Below(String),
    /// The list was made of this folder inside.
    Above(String),
}

impl Shift {
    fn apply(&self, name: &str) -> String {
        match self {
            Self::Same => name.to_owned(),
            Self::Below(folder) => format!("{folder}/{name}"),
            Self::Above(folder) => {
                let below = name.strip_prefix(folder.as_str());
                let below = below.and_then(|rest| rest.strip_prefix('/'));
                below.unwrap_or(name).to_owned()
            }
        }
    }

    /// The folder of the list that is looked through whole.
    fn covers(&self) -> &str {
        match self {
            Self::Below(folder) => folder,
            Self::Same | Self::Above(_) => "",
        }
    }
}

/// Files below one folder, or files of one folder that were each named by themselves.
#[derive(Debug, Default)]
struct Group<'f> {
    files: Vec<&'f ListedFile>,
    is_whole: bool,
}

/// A list by the names in it.
struct Names<'m> {
    files: BTreeMap<String, &'m ListedFile>,
    by_last_part: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    /// How an archive differs of which these paths were named: folders and zip archives; every
    /// other file was named by itself. Where they are not what the list was made of, names are taken
    /// for those of the list by where its files are found again, and
    /// [`ManifestCheck::beyond`] holds what nobody looked for.
    #[must_use]
    pub fn check_in(&self, files: &[ListedFile], folders: &[String]) -> ManifestCheck {
        let names = Names::of(self);
        let groups = grouped(files, folders);
        let found: Vec<(&Group<'_>, (usize, Shift))> = groups
            .iter()
            .map(|(base, group)| (group, names.shift(base, group)))
            .collect();
        let mut placed = found
            .iter()
            .filter(|(group, (weight, _))| group.is_whole && *weight > 0);
        let any_placed = placed.next().is_some();
        let mut covered: Vec<&str> = Vec::new();
        let (mut below, mut above) = (Vec::new(), Vec::new());
        let mut shifted = Vec::with_capacity(files.len());
        for (group, (weight, shift)) in &found {
            if group.is_whole && (*weight > 0 || *shift != Shift::Same || !any_placed) {
                covered.push(shift.covers());
            }
            match shift {
                Shift::Same => {}
                Shift::Below(folder) => below.push(folder.clone()),
                Shift::Above(folder) => above.push(folder.clone()),
            }
            shifted.extend(group.files.iter().map(|file| ListedFile {
                file: shift.apply(&composed(&file.file)),
                ..(*file).clone()
            }));
        }
        let mut check = self.check(&shifted);
        let is_covered = |name: &String| covered.iter().any(|folder| is_in(name, folder));
        (check.missing, check.beyond) = check.missing.into_iter().partition(is_covered);
        for list in [&mut below, &mut above] {
            list.sort_unstable();
            list.dedup();
        }
        (check.below, check.above) = (below, above);
        check
    }
}

/// Whether a name is below a folder; all are below the nameless one.
fn is_in(name: &str, folder: &str) -> bool {
    let rest = name.strip_prefix(folder);
    folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
}

/// The files by the folders that they were read below.
fn grouped<'f>(files: &'f [ListedFile], folders: &[String]) -> BTreeMap<String, Group<'f>> {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for folder in folders {
        groups.entry(plain(folder)).or_default().is_whole = true;
    }
    for file in files {
        let (place, inside) = (plain(&file.place), plain(&file.file));
        let base = place.strip_suffix(&inside).unwrap_or(&place);
        let base = base.trim_end_matches('/').to_owned();
        groups.entry(base).or_default().files.push(file);
    }
    groups
}

/// A path as names of lists are written.
fn plain(path: &str) -> String {
    let path = if cfg!(windows) {
        composed(&path.replace('\\', "/"))
    } else {
        composed(path)
    };
    path.trim_end_matches('/').to_owned()
}

impl<'m> Names<'m> {
    fn of(manifest: &'m Manifest) -> Self {
        let mut names = Self {
            files: BTreeMap::new(),
            by_last_part: BTreeMap::new(),
        };
        for file in &manifest.files {
            let name = composed(&file.file);
            let last = last_part(&name).to_owned();
            let same = names.by_last_part.entry(last).or_default();
            if same.len() < GUESSES {
                same.push(name.clone());
            }
            names.files.insert(name, file);
        }
        names
    }

    /// Where the files of a group are in the list, with how much speaks for it.
    fn shift(&self, base: &str, group: &Group<'_>) -> (usize, Shift) {
        let mut best = (self.weight(&Shift::Same, base, group), Shift::Same);
        if best.0 >= group.files.len().saturating_mul(3) && best.0 > 0 {
            return best;
        }
        for shift in self.guesses(group) {
            let weight = self.weight(&shift, base, group);
            if weight > best.0 {
                best = (weight, shift);
            }
        }
        if group.files.is_empty() {
            best.1 = self.by_name(base);
        }
        best
    }

    /// One for each name that is listed, two more for its octets; names alone count where the
    /// folder is called as in the list.
    fn weight(&self, shift: &Shift, base: &str, group: &Group<'_>) -> usize {
        let (mut named, mut same) = (0_usize, 0_usize);
        for file in &group.files {
            let Some(listed) = self.files.get(&shift.apply(&composed(&file.file))) else {
                continue;
            };
            named = named.saturating_add(1);
            let is_same = listed.sha256.is_some() && listed.sha256 == file.sha256;
            same = same.saturating_add(usize::from(is_same));
        }
        let agrees = match shift {
            Shift::Same => true,
            Shift::Below(folder) => ends_with(base, folder),
            Shift::Above(_) => false,
        };
        if same == 0 && !agrees {
            return 0;
        }
        named.saturating_add(same.saturating_mul(2))
    }

    fn guesses(&self, group: &Group<'_>) -> Vec<Shift> {
        let mut guesses: BTreeMap<Shift, usize> = BTreeMap::new();
        let step = group.files.len().div_ceil(ASKED).max(1);
        for file in group.files.iter().step_by(step) {
            let name = composed(&file.file);
            let listed = self.by_last_part.get(last_part(&name));
            for listed in listed.into_iter().flatten() {
                let guess = if let Some(folder) = before(listed, &name) {
                    Shift::Below(folder.to_owned())
                } else if let Some(folder) = before(&name, listed) {
                    Shift::Above(folder.to_owned())
                } else {
                    continue;
                };
                let count = guesses.entry(guess).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut guesses: Vec<(usize, Shift)> = guesses
            .into_iter()
            .map(|(shift, count)| (count, shift))
            .collect();
        guesses.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        guesses.truncate(ASKED);
        guesses.into_iter().map(|(_, shift)| shift).collect()
    }

    /// The folder of the list that is called like the end of a path, the longest.
    fn by_name(&self, base: &str) -> Shift {
        let starts = base.match_indices('/').map(|(at, _)| at.saturating_add(1));
        let ends = std::iter::once(0)
            .chain(starts)
            .filter_map(|at| base.get(at..));
        let mut ends = ends.filter(|end| !end.is_empty() && *end != ".");
        let is_listed = |folder: &&str| {
            let start = format!("{folder}/");
            let next = self.files.range(start.clone()..).next();
            next.is_some_and(|(name, _)| name.starts_with(&start))
        };
        let folder = ends.find(is_listed);
        folder.map_or(Shift::Same, |folder| Shift::Below(folder.to_owned()))
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What stands before `end` in a path that ends so.
fn before<'n>(path: &'n str, end: &str) -> Option<&'n str> {
    path.strip_suffix(end)?.strip_suffix('/')
}

fn ends_with(path: &str, end: &str) -> bool {
    path == end || before(path, end).is_some()
}

#[cfg(test)]
mod tests;
