//! The PDF that carries a manifest: one page that says what it is, and the list as an attachment
//! (ISO 32000-2, 7.11.4). Written by hand: seven objects and a table.

use trien_types::UtcOffset;

use super::{MANIFEST_ATTACHMENT, Manifest};

/// The file without a signature.
pub(super) fn write(manifest: &Manifest, json: &[u8]) -> Vec<u8> {
    let content = content(manifest);
    let objects: [Vec<u8>; 7] = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 5 0 R >> \
          /PageMode /UseAttachments >>"
            .to_vec(),
        b"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Contents 4 0 R /Resources \
          << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_vec(),
        stream("", content.as_bytes()),
        format!("<< /Names [ ({MANIFEST_ATTACHMENT}) 6 0 R ] >>").into_bytes(),
        format!(
            "<< /Type /Filespec /F ({MANIFEST_ATTACHMENT}) /UF ({MANIFEST_ATTACHMENT}) \
             /AFRelationship /Data /EF << /F 7 0 R /UF 7 0 R >> >>"
        )
        .into_bytes(),
        stream("/Type /EmbeddedFile /Subtype /application#2Fjson ", json),
    ];
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1_usize..).zip(&objects) {
        offsets.push(file.len());
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let size = objects.len().saturating_add(1);
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let trailer = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.extend(trailer.into_bytes());
    file
}

fn stream(entries: &str, octets: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {entries}/Length {} >>\nstream\n", octets.len()).into_bytes();
    object.extend(octets);
    object.extend(b"\nendstream");
    object
}

/// What the page says, without accents: the fonts that every reader has know no Vietnamese, and the
/// list itself is in the attachment.
fn content(manifest: &Manifest) -> String {
    let lines = [
        "BAN KE HO SO / MANIFEST OF RECORDS".to_owned(),
        format!("So ho so / records: {}", manifest.files.len()),
        format!(
            "Kiem tra luc / judged at: {}",
            manifest.judged_at.to_rfc3339(UtcOffset::VIETNAM)
        ),
        format!("Danh sach / the list: {MANIFEST_ATTACHMENT} (attachment)"),
        "Kiem tra lai: verify --manifest TEP.pdf THU_MUC".to_owned(),
    ];
    let mut content = "BT /F1 12 Tf 20 TL 60 770 Td\n".to_owned();
    for line in lines {
        let line = line.replace('(', "\\(").replace(')', "\\)");
        content.push_str(&format!("({line}) Tj T*\n"));
    }
    content.push_str("ET");
    content
}
