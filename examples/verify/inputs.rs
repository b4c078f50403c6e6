//! What a run is given beside the files: anchors, rules, kept evidence.

use std::path::Path;

use trien::archive::{Mapping, MappingError};
use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{
    Language, Limits, Profile, ProfileChoice, SchoolKind, SuppliedEvidence, Workflow, read_settings,
};
use trien_examples::{
    Ending, anchor_words, print_chain, printable, unread_evidence, workflow_named,
};

use crate::arguments::{Arguments, ProfileName};

/// The anchors to trust. A file among them that cannot be read is said aloud; the others count.
/// `None` where the folder cannot be read: without the anchors that were asked for, no verdict is
/// better than one.
pub(crate) fn anchors(arguments: &Arguments) -> Option<(TrustAnchors, Ending)> {
    let Some(folder) = &arguments.anchors else {
        return Some((TrustAnchors::default(), Ending::Well));
    };
    match TrustAnchors::read_dir(folder, &FolderLimits::default()) {
        Ok(AnchorFolder {
            anchors, problems, ..
        }) => {
            for problem in &problems {
                let said = anchor_words(problem, arguments.lang.into());
                eprintln!("verify: {}", printable(&said));
            }
            let ending = if problems.is_empty() {
                Ending::Well
            } else {
                Ending::Unable
            };
            Some((anchors, ending))
        }
        Err(error) => {
            let folder = folder.display().to_string();
            let said = match Language::from(arguments.lang) {
                Language::En => format!(
                    "--anchors {folder}: the folder of trust anchors cannot be read, and nothing \
                     was verified: check its name: {error}"
                ),
                Language::Vi | _ => format!(
                    "--anchors {folder}: không đọc được thư mục chứng thư số gốc nên chưa kiểm tra tệp \
                     nào: hãy kiểm tra lại tên thư mục"
                ),
            };
            eprintln!("verify: {}", printable(&said));
            None
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
    let language = Language::from(arguments.lang);
    let changed = read_settings(path)
        .map_err(|error| error.told(language))
        .and_then(|text| {
            let changed = profile.with_overrides(&text);
            changed.map_err(|error| format!("{}: {}", path.display(), error.sentence(language)))
        });
    match changed {
        Ok(changed) => Some(changed.into()),
        Err(said) => {
            eprintln!("verify: --profile-overrides: {}", printable(&said));
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
        Ok(supplied) => {
            let mut ending = Ending::Well;
            for path in &supplied.unreadable {
                let said = unread_evidence(path, arguments.lang.into());
                eprintln!("verify: --evidence: {}", printable(&said));
                ending = Ending::Unable;
            }
            (supplied, ending)
        }
        Err(error) => {
            print_chain(&format!("verify: --evidence {}", folder.display()), &error);
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
            let said = error.sentence(arguments.lang.into());
            eprintln!("verify: --workflow: {}", printable(&said));
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
        Ok(mapping) => {
            for note in mapping.staff_notes.told(arguments.lang.into()) {
                let list = match Language::from(arguments.lang) {
                    Language::En => "the list of staff",
                    Language::Vi | _ => "danh sách nhân sự",
                };
                eprintln!("verify: {list}: {note}");
            }
            Some(mapping)
        }
        Err(error) => {
            let said = error.told(arguments.lang.into());
            let said = if matches!(error, MappingError::File(_)) {
                said
            } else {
                format!("{}: {said}", path.display())
            };
            eprintln!("verify: --mapping: {}", printable(&said));
            None
        }
    }
}

/// Why a period is refused.
pub(crate) const fn backward_period(language: Language) -> &'static str {
    match language {
        Language::En => {
            "--from is later than --to: no record can lie in that period; swap the days"
        }
        Language::Vi | _ => {
            "--from muộn hơn --to nên không hồ sơ nào thuộc kỳ đó: hãy đổi lại hai ngày"
        }
    }
}
