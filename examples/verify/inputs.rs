//! What a run is given beside the files: anchors, rules, kept evidence.

use std::path::Path;

use trien::archive::Mapping;
use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{Limits, Profile, ProfileChoice, SchoolKind, SuppliedEvidence, Workflow};
use trien_examples::{Ending, print_chain, workflow_named};

use crate::arguments::{Arguments, ProfileName};

/// The anchors to trust. A file among them that cannot be read is said aloud; the others count.
pub(crate) fn anchors(arguments: &Arguments) -> (TrustAnchors, Ending) {
    let Some(folder) = &arguments.anchors else {
        return (TrustAnchors::default(), Ending::Well);
    };
    match TrustAnchors::read_dir(folder, &FolderLimits::default()) {
        Ok(AnchorFolder {
            anchors, problems, ..
        }) => {
            for problem in &problems {
                print_chain("verify", problem);
            }
            (
                anchors,
                if problems.is_empty() {
                    Ending::Well
                } else {
                    Ending::Unable
                },
            )
        }
        Err(error) => {
            print_chain("verify", &error);
            (TrustAnchors::default(), Ending::Unable)
        }
    }
}

/// The rules that judge, with an administrator's changes; none where these cannot be had.
pub(crate) fn profile(arguments: &Arguments) -> Option<ProfileChoice> {
    let in_force = |school| {
        if arguments.profile_overrides.is_some() {
            eprintln!(
                "verify: --profile-overrides chỉ dùng với một bộ quy tắc cụ thể, ví dụ --profile \
                 tt41_2017 / goes with one named profile"
            );
            return None;
        }
        Some(ProfileChoice::InForce(school))
    };
    let profile = match arguments.profile {
        ProfileName::Public => return in_force(SchoolKind::Public),
        ProfileName::Private => return in_force(SchoolKind::Private),
        ProfileName::Tt41 => Profile::tt41_2017(),
        ProfileName::Tt15 => Profile::tt15_2025(),
        ProfileName::Nd68 => Profile::nd68_2024(),
        ProfileName::Nd23 => Profile::nd23_2025(),
    };
    let Some(path) = &arguments.profile_overrides else {
        return Some(profile.into());
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("verify: {}", path.display());
            print_chain("verify", &error);
            return None;
        }
    };
    match profile.with_overrides(&text) {
        Ok(changed) => Some(changed.into()),
        Err(error) => {
            print_chain("verify", &error);
            None
        }
    }
}

/// What the caller keeps beside the files.
pub(crate) fn supplied(arguments: &Arguments) -> (SuppliedEvidence, Ending) {
    let Some(folder) = &arguments.evidence else {
        return (SuppliedEvidence::default(), Ending::Well);
    };
    match SuppliedEvidence::read_dir(folder, &Limits::default()) {
        Ok(supplied) => (supplied, Ending::Well),
        Err(error) => {
            print_chain("verify", &error);
            (SuppliedEvidence::default(), Ending::Unable)
        }
    }
}

/// Names, sizes and times of a folder's files: whether it is the one that an earlier run had.
pub(crate) fn fingerprint(folder: &Path) -> String {
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let metadata = entry.metadata().ok();
            let length = metadata.as_ref().map(std::fs::Metadata::len);
            let changed = metadata.and_then(|metadata| metadata.modified().ok());
            format!("{:?} {length:?} {changed:?}", entry.file_name())
        })
        .collect();
    files.sort();
    files.join("\n")
}

/// The workflow asked about, if any; `None` outside when it is not to be had.
pub(crate) fn workflow(arguments: &Arguments) -> Option<Option<Workflow>> {
    let named = arguments.workflow.as_deref().map(workflow_named);
    match named.transpose() {
        Ok(workflow) => Some(workflow),
        Err(error) => {
            print_chain("verify", &error);
            None
        }
    }
}

/// What folders mean: as the file says, or as is known by default.
pub(crate) fn mapping(arguments: &Arguments) -> Option<Mapping> {
    let Some(path) = &arguments.mapping else {
        return Some(Mapping::default());
    };
    match Mapping::read(path) {
        Ok(mapping) => Some(mapping),
        Err(error) => {
            print_chain("verify", &error);
            None
        }
    }
}
