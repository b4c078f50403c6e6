//! The sheet of a manifest: what is handed over, in words that whoever signs it reads, with the list
//! itself as an attachment. Knows nothing of keys and of discs.

use sha2::{Digest as _, Sha256};
use trien::archive::{MANIFEST_ATTACHMENT, Manifest};
use trien::mark::SerifFont;
use trien::{DocumentConclusion, Language};

use super::file::Attachment;
use super::sheets::{HEADING, Sheets, Side, TEXT, TITLE};
use super::{PdfError, written};
use crate::view::word_of;
use crate::words::{Words, choose};

/// The manifest as a PDF (PDF/A-3b) of a sheet, to be signed as any record. What
/// [`Manifest::to_pdf`] makes without a font says the same without Vietnamese letters.
///
/// # Errors
/// The font cannot be used, or the list cannot be written as JSON, which it always can.
pub fn manifest(
    manifest: &Manifest,
    font: &SerifFont,
    language: Language,
) -> Result<Vec<u8>, PdfError> {
    let json = serde_json::to_vec(manifest).map_err(PdfError::List)?;
    let say = |vi, en| choose(language, vi, en);
    let mut sheets = Sheets::new(font.face()?);
    let title = say("Bản kê hồ sơ bàn giao", "Manifest of records");
    sheets.heading(title, TITLE)?;
    for (what, value) in [
        (say("Số hồ sơ", "Records"), manifest.files.len().to_string()),
        (
            say("Thời điểm xét", "Time of judgement"),
            crate::view::moment(manifest.judged_at),
        ),
        (say("Bộ quy tắc", "Rules"), manifest.profile.clone()),
        (
            say("Chứng thư số gốc được tin cậy", "Trusted roots"),
            manifest.anchors.to_string(),
        ),
    ] {
        sheets.text(&format!("{what}: {value}"), TEXT)?;
    }
    counts(&mut sheets, manifest, language)?;
    sheets.heading(say("Danh sách", "The list"), HEADING)?;
    sheets.text(
        say(
            "Tên, dung lượng, mã băm và kết luận của từng hồ sơ nằm trong tệp đính kèm:",
            "The name, size, digest and verdict of each record are in the attachment:",
        ),
        TEXT,
    )?;
    sheets.text(MANIFEST_ATTACHMENT, TEXT)?;
    let digest: String = Sha256::digest(&json)
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    sheets.text(&format!("SHA-256: {digest}"), TEXT)?;
    sheets.heading(say("Đối chiếu khi nhận", "Upon receipt"), HEADING)?;
    sheets.text("verify --manifest BAN-KE.pdf --anchors GOC/ DIA/", TEXT)?;
    sheets.text(
        say(
            "Bản kê chưa ký không chứng minh được gì: phải có chữ ký của người có thẩm quyền và con dấu của bên giao.",
            "Unsigned, a manifest proves nothing: it needs the signature of the authority and the seal of whoever hands over.",
        ),
        TEXT,
    )?;
    let attachment = Attachment {
        name: MANIFEST_ATTACHMENT,
        media_type: "application/json",
        says: say("Danh sách hồ sơ", "List of records"),
        octets: &json,
    };
    written(sheets, font, (title, language), Some(attachment))
}

fn counts(
    sheets: &mut Sheets<'_>,
    manifest: &Manifest,
    language: Language,
) -> Result<(), PdfError> {
    let columns = [
        (choose(language, "Kết luận", "Verdict"), 75, Side::Left),
        (choose(language, "Số hồ sơ", "Records"), 25, Side::Right),
    ];
    let conclusions = [
        DocumentConclusion::Valid,
        DocumentConclusion::Invalid,
        DocumentConclusion::Indeterminate,
        DocumentConclusion::Unsigned,
        DocumentConclusion::Unreadable,
    ];
    let rows = conclusions.into_iter().map(|conclusion| {
        let of = manifest.files.iter();
        let count = of.filter(|file| file.conclusion == conclusion).count();
        let word = word_of(&conclusion);
        vec![
            Words::Verdicts.word(&word, language).to_owned(),
            count.to_string(),
        ]
    });
    sheets.heading(choose(language, "Kết luận", "Verdicts"), HEADING)?;
    Ok(sheets.table(&columns, rows)?)
}
