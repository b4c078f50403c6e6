//! Manifests: making one, and holding an archive against one.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use trien::archive::{ListedFile, Manifest, ManifestCheck, ManifestCount, ManifestError, Mask};
use trien::mark::SerifFont;
use trien::{
    DocumentConclusion, Language, Limits, MappedFile, Report, Verification, write_new_file,
};
use trien_examples::{Ending, document_words, file_words, print_chain, printable};

use crate::arguments::{Arguments, Format};
use crate::signers::{self, Standing};

/// Writes the manifest, unsigned: `sign` has the keys.
pub(crate) fn make(
    path: &Path,
    manifest: Result<Manifest, ManifestError>,
    mask: Option<&Mask>,
    language: Language,
) -> Ending {
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(ManifestError::SameName(name)) => {
            let name = mask.map_or(name.clone(), |mask| mask.inside(&name));
            let said = ManifestError::SameName(name).to_string();
            eprintln!("verify: {}", printable(&said));
            return Ending::Unable;
        }
        Err(error) => {
            print_chain("verify", &error);
            return Ending::Unable;
        }
    };
    let written = match SerifFont::find() {
        Ok(font) => trien_report::manifest(&manifest, &font, language)
            .inspect_err(|error| print_chain("verify", error))
            .ok(),
        // Without a font for it, the sheet has no Vietnamese letters; the list is the same.
        Err(_) => manifest
            .to_pdf()
            .inspect_err(|error| print_chain("verify", error))
            .ok(),
    };
    let Some(pdf) = written else {
        return Ending::Unable;
    };
    if let Err(error) = write_new_file(path, None, &[&pdf]) {
        eprintln!("verify: {}", printable(&file_words(&error, language)));
        return Ending::Unable;
    }
    let path = printable(&path.display().to_string());
    let files = manifest.files.len();
    match language {
        Language::En => eprintln!(
            "verify: {path}: a manifest of {files} records, not signed yet: sign it with sign"
        ),
        Language::Vi | _ => eprintln!(
            "verify: {path}: bản kê {files} hồ sơ, chưa ký: hãy ký bằng sign trước khi bàn giao"
        ),
    }
    Ending::Well
}

/// Whether an added file is told with the path that it was read at: where names alone do not say
/// which file is meant.
#[derive(Clone, Copy)]
enum Places {
    Plain,
    Told,
}

/// A manifest with what is said of the file it came from.
pub(crate) struct Given {
    manifest: Manifest,
    report: Report,
    sha256: Option<String>,
}

/// Reads a manifest; says why when it cannot.
pub(crate) fn read(path: &Path, verification: &Verification<'_>) -> Option<Given> {
    let file = match MappedFile::open(path) {
        Ok(file) => file,
        Err(error) => {
            let said = error.told(verification.language);
            eprintln!("verify: {}", printable(&said));
            return None;
        }
    };
    match Manifest::from_pdf(&file, &Limits::default()) {
        Ok(manifest) => Some(Given {
            manifest,
            report: trien::verify(&file, verification),
            sha256: ListedFile::digest(&file),
        }),
        Err(error) => {
            print_chain("verify", &error);
            None
        }
    }
}

/// Says how the archive differs. A list that nobody signed, that was changed, or that was signed by
/// somebody else than who handed it over, proves nothing.
pub(crate) fn check(
    given: &Given,
    (mut files, folders, mask): (Vec<ListedFile>, &[String], Option<&Mask>),
    arguments: &Arguments,
    out: &mut impl Write,
) -> std::io::Result<(Ending, ManifestCount)> {
    // The list itself may lie on the disc.
    files.retain(|file| file.sha256.is_none() || file.sha256 != given.sha256);
    let mut check = given.manifest.check_in(&files, folders);
    let listed: BTreeSet<&str> = given
        .manifest
        .files
        .iter()
        .map(|file| file.file.as_str())
        .collect();
    let of_listed = |name: &&String| listed.contains(name.as_str());
    let namesakes = check.added.iter().filter(of_listed).count();
    let places = if arguments.paths.len() > 1 || namesakes > 0 {
        Places::Told
    } else {
        Places::Plain
    };
    if let Some(mask) = mask {
        masked(&mut check, mask);
    }
    let standing = signers::standing(&given.report, arguments.manifest_signer.as_deref());
    let is_accepted = standing.accepted_by().is_some();
    let signers = signers::all(&given.report, arguments);
    match arguments.format {
        Format::Json => {
            let said = serde_json::json!({
                "schema": "trien.manifest-check/1",
                "manifest": given.report.conclusion,
                "accepted": is_accepted,
                "accepted_by": standing.accepted_by(),
                "signers": signers,
                "missing": check.missing,
                "added": check.added,
                "places_added": check.places_added,
                "changed": check.changed,
                "uncompared": check.uncompared,
                "beyond": check.beyond,
                "below": check.below,
                "above": check.above,
                "judged_otherwise": check.judged_otherwise,
                "verdicts": check.verdicts,
            });
            writeln!(out, "{said}")?;
        }
        Format::Text => {
            out.write_all(
                text((given, &check), (namesakes, places), standing, arguments).as_bytes(),
            )?;
        }
        // The report may be on standard output.
        Format::Html | Format::Csv => {
            let said = text((given, &check), (namesakes, places), standing, arguments);
            eprint!("{said}");
        }
    }
    let ending = if is_accepted && check.is_same() {
        Ending::Well
    } else {
        Ending::Objection
    };
    let mut count = ManifestCount::from(&check);
    count.accepted = is_accepted;
    count.accepted_by = standing.accepted_by();
    count.signers = signers;
    Ok((ending, count))
}

/// The names of files, masked.
fn masked(check: &mut ManifestCheck, mask: &Mask) {
    for list in [
        &mut check.missing,
        &mut check.beyond,
        &mut check.below,
        &mut check.above,
    ] {
        for file in list {
            *file = mask.absent(file);
        }
    }
    for list in [
        &mut check.added,
        &mut check.changed,
        &mut check.uncompared,
        &mut check.judged_otherwise,
    ] {
        for file in list {
            *file = mask.inside(file);
        }
    }
    for list in [
        &mut check.places_added,
        &mut check.places_changed,
        &mut check.places_uncompared,
        &mut check.places_judged_otherwise,
    ] {
        for place in list {
            *place = mask.file(place);
        }
    }
    for change in &mut check.verdicts {
        change.file = mask.inside(&change.file);
    }
}

/// The difference for people. `namesakes` counts what is added under the name of a listed file.
fn text(
    (given, check): (&Given, &ManifestCheck),
    (namesakes, places): (usize, Places),
    standing: Standing,
    arguments: &Arguments,
) -> String {
    let language = Language::from(arguments.lang);
    let say = |vi: &'static str, en: &'static str| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    let verdict = signers::verdict(standing, language).map_or_else(
        || document_words(given.report.conclusion, language),
        str::to_owned,
    );
    let mut lines = vec![format!("{}: {verdict}", say("Bản kê", "Manifest"))];
    lines.extend(signers::lines(&given.report, arguments, language));
    lines.extend(signers::advice(standing, language).map(str::to_owned));
    match given.report.conclusion {
        DocumentConclusion::Unsigned => lines.push(
            say(
                "  bản kê chưa ký, không chứng minh được gì: hãy yêu cầu bản kê đã ký",
                "  nobody signed the manifest, it proves nothing: ask for a signed one",
            )
            .to_owned(),
        ),
        DocumentConclusion::Invalid | DocumentConclusion::Unreadable => lines.push(
            say(
                "  chữ ký trên bản kê không hợp lệ: không dựa vào bản kê này",
                "  the manifest's signature is not valid: do not rely on it",
            )
            .to_owned(),
        ),
        DocumentConclusion::Valid | DocumentConclusion::Indeterminate | _ => {}
    }
    lines.extend(part(check, language));
    lines.extend(differences(check, (namesakes, places), language));
    if !check.verdicts.is_empty() {
        let then = given.manifest.judged_at;
        lines.push(format!(
            "{}: {}",
            say(
                "Tệp không đổi nhưng kết luận nay khác khi lập bản kê",
                "Unchanged files that are judged otherwise than when the manifest was made"
            ),
            check.verdicts.len()
        ));
        lines.extend(check.verdicts.iter().map(|change| {
            let (before, now) = (change.before, change.now);
            format!(
                "  {}: {} ({then}) {}, {} {}",
                change.file,
                say("trước", "then"),
                document_words(before, language),
                say("nay", "now"),
                document_words(now, language)
            )
        }));
    }
    if check.is_same() {
        // Of a list that proves nothing, what it says of the disc proves nothing either.
        lines.push(
            if standing.accepted_by().is_some() {
                say(
                    "Không thiếu, không thừa, không tệp nào bị sửa",
                    "Nothing is missing, added or changed",
                )
            } else {
                say(
                    "Đĩa khớp với danh sách trong bản kê, nhưng bản kê này chưa chứng minh được gì: chưa biết có thiếu, thừa hay bị sửa không",
                    "The disc is as the list says, but this manifest proves nothing: whether anything is missing, added or changed is not known",
                )
            }
            .to_owned(),
        );
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(&printable(&line));
        text.push('\n');
    }
    text
}

/// Names that stand for many, where they are not what is wrong.
const SOME: usize = 8;

fn some(names: &[String]) -> String {
    let more = if names.len() > SOME { ", …" } else { "" };
    names.get(..SOME).unwrap_or(names).join(", ") + more
}

/// That the paths named are not what the list was made of.
fn part(check: &ManifestCheck, language: Language) -> Vec<String> {
    let say = |vi: &'static str, en: &'static str| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    let mut lines = Vec::new();
    if !check.above.is_empty() {
        lines.push(format!(
            "{}: {}",
            say(
                "Thư mục gốc khác lúc lập bản kê: hồ sơ của bản kê nằm bên trong thư mục",
                "The root is not that of the manifest: its records are inside the folder"
            ),
            some(&check.above)
        ));
    }
    if !check.below.is_empty() {
        lines.push(format!(
            "{}: {}",
            say(
                "Thư mục gốc khác lúc lập bản kê: chỉ đối chiếu phần này của bản kê",
                "The root is not that of the manifest: held against this part of it alone"
            ),
            some(&check.below)
        ));
    }
    if !check.beyond.is_empty() {
        lines.push(format!(
            "{}: {}",
            say(
                "Ngoài phần đã nêu nên chưa tìm (không phải là thiếu; muốn đối chiếu đủ, hãy nêu thư mục gốc lúc lập bản kê; nếu đây chính là thư mục gốc thì các hồ sơ này thiếu)",
                "Outside of what was named and not looked for (not called missing; name the folder that the manifest was made of to compare all; if this is that folder, they are missing)"
            ),
            check.beyond.len()
        ));
        let named = check.beyond.iter().take(SOME);
        lines.extend(named.map(|file| format!("  {file}")));
        lines.extend((check.beyond.len() > SOME).then(|| "  …".to_owned()));
    }
    lines
}

/// The files that are missing, added, changed and not compared.
fn differences(
    check: &ManifestCheck,
    (namesakes, places): (usize, Places),
    language: Language,
) -> Vec<String> {
    let say = |vi: &'static str, en: &'static str| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    let mut lines = Vec::new();
    let added: Vec<String> = match places {
        Places::Plain => check.added.clone(),
        Places::Told => check
            .added
            .iter()
            .zip(&check.places_added)
            .map(|(file, place)| format!("{file} ({place})"))
            .collect(),
    };
    for (title, files) in [
        (say("Thiếu", "Missing"), &check.missing),
        (say("Thừa", "Added"), &added),
        (say("Bị sửa", "Changed"), &check.changed),
        (
            say(
                "Không đối chiếu được (không đọc được cả lúc lập bản kê lẫn bây giờ, hãy xem bằng cách khác)",
                "Could not be compared (not readable when the manifest was made, nor now: look at them otherwise)",
            ),
            &check.uncompared,
        ),
    ] {
        if !files.is_empty() {
            lines.push(format!("{title}: {}", files.len()));
            lines.extend(files.iter().map(|file| format!("  {file}")));
        }
    }
    if namesakes > 0 {
        lines.push(format!(
            "{}: {namesakes}",
            say(
                "Trong số tệp thừa, trùng tên với hồ sơ của bản kê (ở thư mục khác, hoặc tên chỉ khác cách ghi dấu; hãy xem từng tệp)",
                "Of the added files, named as a record of the manifest (in another folder, or composed otherwise: look at each)"
            )
        ));
    }
    lines
}
