//! Signed objects that end in octets which somebody appends later (ATTACKS.md, X10, X11): prepared
//! before signing, and no entry of the update names them.

use super::base::{
    CATALOG, CONTENT_1, DANGLING, INFO, LENGTH, MARKS, OTHER_MARKS, document_with, objects,
};
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::{RawFile, RawUpdate, Row};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    let content = format!("\n{OTHER_MARKS}\nendstream\nendobj\n");
    let title = format!("<< /Title (Hoc ba {content}) >>");
    let in_title = |file: &RawFile| file.with(&[(INFO, &title)]);
    let with_length = |length: &'static str| {
        move |place: usize| {
            let length = length.replace("PLACE", &format!("{place:07}"));
            let body = format!("<< /Length {length} >>\nstream\n{MARKS} \nendstream");
            let number = format!("{place:07}");
            document_with(&[(CONTENT_1, &body), (LENGTH, &number)])
        }
    };
    for (name, what, length) in [
        (
            "signed-length-behind-the-end",
            "a signed stream whose indirect length reaches into a title that an update brings",
            "27 0 R",
        ),
        (
            "signed-direct-length-behind-the-end",
            "the same with a direct length",
            "PLACE",
        ),
        (
            "signed-length-by-another-name",
            "the same with a key whose letters are written as numbers",
            "46 /L#65ngth PLACE",
        ),
    ] {
        let document = with_length(length);
        let attack = prepared(maker, document, in_title, |file| {
            let data = file.find_last(&format!("stream\n{MARKS} ")) + "stream\n".len();
            file.find_last("\nendstream\nendobj\n)") - data
        });
        maker.attack(("X11", name), what, attack, MODIFIED);
    }
    let object = format!(
        "{CONTENT_1} 0 obj << /Length {} >>\nstream\n{OTHER_MARKS}\nendstream\nendobj",
        OTHER_MARKS.len()
    );
    let title = format!("<< /Title (Hoc ba {object}) >>");
    let attack = prepared(
        maker,
        |place| {
            let mut first = RawUpdate::first(CATALOG);
            for (number, body) in objects() {
                first.object(number, body);
            }
            let entry = Row::At {
                offset: place,
                generation: 0,
            };
            first.row(CONTENT_1, entry);
            first.trailer = format!("/Info {INFO} 0 R");
            first.size = first.size.max(DANGLING + 1);
            first.table()
        },
        |file| file.with(&[(INFO, &title)]),
        |file| file.find_last(&object),
    );
    maker.attack(
        ("X10", "signed-entry-behind-the-end"),
        "a signed entry that points into a title which an update brings",
        attack,
        MODIFIED,
    );
    let signed = maker.approved();
    maker.control(
        ("X11", "length-in-its-place"),
        "an indirect length that ends where it should, and a title that an update brings",
        signed.file.with(&[(INFO, "<< /Title (Hoc ba 2) >>")]),
        PERMITTED,
    );
}

/// Makes the file twice: the first time tells the place that the second is made with.
fn prepared(
    maker: &Maker<'_>,
    document: impl Fn(usize) -> RawFile,
    update: impl Fn(&RawFile) -> RawFile,
    place: impl Fn(&RawFile) -> usize,
) -> RawFile {
    let made = |number| {
        let signed = maker.signing(Role::Principal).sign(&document(number));
        update(&signed.file)
    };
    let first = made(0);
    let wanted = place(&first);
    let second = made(wanted);
    assert_eq!(place(&second), wanted, "the place moved");
    second
}
