//! Size and loops: many signatures, many revisions, bombs (ATTACKS.md, 11).
//! A reader must end soon and say something; what, is the same for all of them.

use super::base::{
    CATALOG, CONTENT_1, DANGLING, FIELDS, FORM, INFO, PAGE_1, PAGE_1_ANNOTATIONS, PAGES,
    document_with, form, page_1,
};
use super::maker::{MODIFIED, Maker, PERMITTED, UNREADABLE, WHOLE};
use super::update::{RawUpdate, Row};
use crate::pki::Role;
use crate::records::document::deflate;

pub(super) fn make(maker: &mut Maker<'_>) {
    many(maker);
    bombs(maker);
    loops(maker);
}

/// Signatures in the file of many.
const SIGNATURES: u32 = 100;
/// Revisions in the file of many.
const REVISIONS: u32 = 1_000;

fn many(maker: &mut Maker<'_>) {
    let mut file = document_with(&[]);
    let mut fields = FIELDS.to_owned();
    let mut annotations = PAGE_1_ANNOTATIONS.to_owned();
    let mut lines = Vec::new();
    file.size = 1_000;
    for number in 0..SIGNATURES {
        let field = 100 + number;
        fields.push_str(&format!(" {field} 0 R"));
        let mut signing = maker.signing(Role::Principal);
        signing.room = 3_500;
        signing.field = (
            field,
            format!(
                "/FT /Sig /T (Ky{number}) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] \
                 /P 3 0 R /F 132"
            ),
        );
        annotations.push_str(&format!(" {field} 0 R"));
        signing.objects = vec![
            (FORM, form(&fields, "")),
            (PAGE_1, page_1(&annotations, "5 0 R")),
        ];
        file = signing.sign(&file).file;
        let (coverage, changes) = if number + 1 == SIGNATURES {
            ("whole-file", "none")
        } else {
            ("revision", "permitted")
        };
        lines.push(format!("Ky{number} intact {coverage} {changes}"));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    maker.control(
        ("P1", "hundred-signatures"),
        "a hundred signatures, each in a field of its own",
        file,
        &lines,
    );
    let mut file = maker.approved().file;
    for number in 0..REVISIONS {
        file = file.with(&[(INFO, &format!("<< /Title (Hoc ba {number}) >>"))]);
    }
    maker.control(
        ("P1", "thousand-revisions"),
        "a thousand updates that replace the title",
        file,
        PERMITTED,
    );
}

fn bombs(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let once = deflate(&vec![0_u8; 64 << 20]);
    let twice = deflate(&once);
    let body = |filters: &str, type_entries: &str, data: &[u8]| {
        let mut body = format!(
            "<< {type_entries} /Filter [{filters}] /Length {} >>\nstream\n",
            data.len()
        )
        .into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        body
    };
    // In an object stream, which a reader must inflate.
    let mut update = file.update();
    let container = update.add(body(
        "/FlateDecode /FlateDecode",
        "/Type /ObjStm /N 1 /First 5",
        &twice,
    ));
    update.row(
        CONTENT_1,
        Row::Packed {
            stream: container,
            index: 0,
        },
    );
    maker.attack(
        ("P2", "deflate-bomb"),
        "the page's content in an object stream of 64 MB, deflated twice",
        update.stream(),
        MODIFIED,
    );
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    maker.attack(
        ("P2", "nesting"),
        "arrays nested a hundred thousand deep, as the page's content",
        file.with(&[(CONTENT_1, &nested)]),
        MODIFIED,
    );
    maker.attack(
        ("P2", "length-of-itself"),
        "a content stream whose length is the stream",
        file.with(&[(CONTENT_1, "<< /Length 5 0 R >>\nstream\nBT ET\nendstream")]),
        MODIFIED,
    );
    let mut update = file.update();
    update.object(INFO, "<< /Title (x) >>");
    update.raw(
        "xref\n0 4000000000\n0000000000 65535 f \ntrailer\n<< /Size 4000000000 /Root 1 0 R >>\n",
    );
    let at = update.octets.len();
    update.raw(format!("startxref\n{}\n%%EOF\n", at - 85));
    let mut bomb = update.octets;
    let start = bomb
        .windows(15)
        .rposition(|window| window == b"xref\n0 40000000")
        .unwrap();
    let text = format!("startxref\n{start}\n%%EOF\n");
    bomb.truncate(at);
    bomb.extend_from_slice(text.as_bytes());
    maker.attack(
        ("P2", "four-thousand-million-entries"),
        "a table that claims four thousand million entries",
        bomb,
        UNREADABLE,
    );
}

fn loops(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let mut update = file.update();
    update.object(INFO, "<< /Title (x) >>");
    update.previous = Some(update.octets.len());
    maker.attack(
        ("P3", "prev-of-itself"),
        "an update whose /Prev is itself",
        update.table(),
        UNREADABLE,
    );
    let looped = "<< /Type /Pages /Kids [2 0 R] /Count 1 >>";
    maker.attack(
        ("P3", "kids-of-itself"),
        "a page tree whose kid is itself",
        file.with(&[(PAGES, looped)]),
        MODIFIED,
    );
    let fields = form("60 0 R 12 0 R 13 0 R 15 0 R 17 0 R 26 0 R", "");
    maker.control(
        ("P3", "fields-in-a-loop"),
        "a field whose kid is itself",
        file.with(&[
            (FORM, &fields),
            (60, "<< /T (x) /FT /Sig /Kids [60 0 R] >>"),
        ]),
        PERMITTED,
    );
    let mut first = RawUpdate::first(CATALOG);
    for (number, body) in super::base::objects() {
        first.object(number, body);
    }
    first.object(60, "61 0 R").object(61, "60 0 R");
    first.size = first.size.max(DANGLING + 1);
    let signed = maker.signing(Role::Principal).sign(&first.table());
    maker.control(
        ("P3", "references-in-a-loop"),
        "two objects that refer to each other, unused, as they were signed",
        signed,
        WHOLE,
    );
}
