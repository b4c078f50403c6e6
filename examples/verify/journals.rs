//! The journal of `--resume`: the key that binds it, and what is said of it.

use std::path::{Path, PathBuf};

use trien::archive::{Doubt, Doubted, Journal, JournalError, JournalKey, Run, RunSettings};
use trien::{Language, UnixTime, read_settings};
use trien_examples::{clock, printable};

use crate::arguments::Arguments;
use crate::inputs;
use crate::seen::Seen;

/// Where this user's programs keep what they must find again (XDG Base Directory Specification).
fn state_folder() -> Option<PathBuf> {
    let folder = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    if let Some(state) = folder("XDG_STATE_HOME").or_else(|| folder("LOCALAPPDATA")) {
        return Some(state.join("trien"));
    }
    Some(folder("HOME")?.join(".local/state/trien"))
}

/// The key that binds this user's journals, where one is kept; `None` outside when it cannot be
/// had, which was said.
pub(crate) fn key(arguments: &Arguments) -> Option<Option<JournalKey>> {
    if arguments.resume.is_none() {
        return Some(None);
    }
    let Some(folder) = state_folder() else {
        eprintln!(
            "verify: --resume cần một thư mục riêng để giữ khóa của nhật ký: hãy đặt biến HOME hoặc \
             XDG_STATE_HOME / --resume keeps a key in a folder of yours: set HOME or XDG_STATE_HOME"
        );
        return None;
    };
    match JournalKey::kept_in(&folder) {
        Ok(key) => Some(Some(key)),
        Err(error) => {
            let said = error.sentence(arguments.lang.into());
            eprintln!("verify: {}", printable(&said));
            None
        }
    }
}

/// The time of judgement: as asked, as the journal has it, or now.
pub(crate) fn time(arguments: &Arguments, key: Option<&JournalKey>) -> Option<UnixTime> {
    if let Some(at) = arguments.at {
        return Some(at);
    }
    let (Some(path), Some(key)) = (&arguments.resume, key) else {
        return Some(clock());
    };
    match Journal::time_of(path, key) {
        Ok(kept) => Some(kept.unwrap_or_else(clock)),
        Err(error) => {
            let said = error.sentence(arguments.lang.into());
            eprintln!("verify: {}", printable(&said));
            None
        }
    }
}

/// Opens the journal that was named.
pub(crate) fn open(
    arguments: &Arguments,
    run: &Run<'_>,
    key: Option<&JournalKey>,
) -> Result<Option<Journal>, JournalError> {
    let (Some(path), Some(key)) = (&arguments.resume, key) else {
        return Ok(None);
    };
    let text = |path: &Path| read_settings(path).unwrap_or_default();
    // The text for people is kept as it is told; nothing else depends on the format.
    let mut settings = RunSettings::of(run)
        .and_told("explain", &arguments.explain.to_string())
        .and_told("mask", &arguments.mask.to_string());
    if let Some(overrides) = &arguments.profile_overrides {
        settings = settings.and("overrides", &text(overrides));
    }
    if let Some(folder) = &arguments.evidence {
        settings = settings.and("evidence", &inputs::fingerprint(folder));
    }
    let journal = Journal::open(path, &settings, key)?;
    if let Some(doubted) = journal.doubted() {
        let said = doubt(path, doubted, run.verification.language);
        eprintln!("verify: {}", printable(&said));
    }
    if let Some(again) = judged_again(&journal, run.verification.language) {
        eprintln!("verify: {again}");
    }
    Ok(Some(journal))
}

/// That an earlier run was not asked for all that this one needs.
fn judged_again(journal: &Journal, language: Language) -> Option<String> {
    let count = journal.unserving();
    if count == 0 {
        return None;
    }
    Some(match language {
        Language::En => format!(
            "the journal holds {count} results of a run with another --format (or --explain, --mask, \
             --workflow) that lack what this one needs: those records are verified again, and kept \
             beside"
        ),
        Language::Vi | _ => format!(
            "nhật ký có {count} kết quả của lần chạy dùng --format khác (hoặc --explain, --mask, \
             --workflow khác), thiếu phần mà lần này cần: các hồ sơ đó được kiểm tra lại và ghi \
             thêm vào nhật ký"
        ),
    })
}

fn doubt(path: &Path, doubted: &Doubted, language: Language) -> String {
    let (path, copy) = (path.display(), doubted.copy.display());
    match (doubted.because, language) {
        (Doubt::Line { number }, Language::En) => format!(
            "{path}: line {number} of the journal is damaged or was changed: it and those behind \
             it are not believed, their records are verified again; the journal was copied to \
             {copy}"
        ),
        (Doubt::Line { number }, _) => format!(
            "{path}: dòng {number} của nhật ký bị hỏng hoặc bị sửa: từ dòng này trở đi không được \
             tin, các hồ sơ đó được kiểm tra lại; bản cũ được chép sang {copy}"
        ),
        (_, Language::En) => format!(
            "{path}: the journal was not written by this user on this computer and is not \
             believed: all records are verified; it was copied to {copy}"
        ),
        (_, _) => format!(
            "{path}: nhật ký không do người dùng này ghi trên máy này nên không được tin: kiểm tra \
             lại tất cả hồ sơ; bản cũ được chép sang {copy}"
        ),
    }
}

/// How much of what is told an earlier run judged.
pub(crate) fn taken(seen: &Seen, at: UnixTime, language: Language) -> Option<String> {
    if seen.taken == 0 {
        return None;
    }
    let (taken, now) = (seen.taken, seen.files.saturating_sub(seen.taken));
    Some(match language {
        Language::En => format!(
            "{taken} results are an earlier run's, kept in the journal (judged at {at}); {now} \
             were judged in this run"
        ),
        Language::Vi | _ => format!(
            "{taken} kết quả lấy từ nhật ký của lần chạy trước (xét tại thời điểm {at}); {now} tệp \
             được xét trong lần này"
        ),
    })
}
