//! The signature dictionary and where it stands (ATTACKS.md, B6, B18, M3, X7, F7, F8).
//! Knows nothing of ranges and values.

use super::base::{PRINCIPAL, PRINCIPAL_FIELD, Signed, document_with};
use super::cms::Cms;
use super::maker::{BROKEN, MODIFIED, Maker, REJECTED, WHOLE};
use super::update::Row;
use crate::pki::Role;

/// The dictionary around it.
pub(super) fn make(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    type Form = fn(&super::base::Parts) -> String;
    let cases: [(&str, &str, &str, Form); 3] = [
        (
            "B6",
            "contents-twice",
            "a second /Contents before the value",
            |parts| {
                format!(
                    "<< {} /Contents <00ff> /ByteRange {} /Contents {} >>",
                    parts.entries, parts.byte_range, parts.contents
                )
            },
        ),
        (
            "B6",
            "range-twice",
            "a second /ByteRange before the range",
            |parts| {
                format!(
                    "<< {} /ByteRange [0 5 9 5] /ByteRange {} /Contents {} >>",
                    parts.entries, parts.byte_range, parts.contents
                )
            },
        ),
        ("M3", "no-sub-filter", "no /SubFilter", |parts| {
            format!(
                "<< {} /ByteRange {} /Contents {} >>",
                parts.entries.replace("/SubFilter /ETSI.CAdES.detached", ""),
                parts.byte_range,
                parts.contents
            )
        }),
    ];
    for (row, name, what, form) in cases {
        let mut signing = maker.signing(Role::Principal);
        signing.form = Box::new(form);
        let signed = signing.sign(&document);
        let expected = if row == "M3" { BROKEN } else { REJECTED };
        maker.attack((row, name), what, signed, expected);
    }
    let mut signing = maker.signing(Role::Principal);
    signing.form = Box::new(|parts| {
        format!(
            "<< {} /ByteRange {} % /Contents <00ff>\n/Contents {} >>",
            parts.entries, parts.byte_range, parts.contents
        )
    });
    maker.control(
        ("B18", "comment"),
        "a comment that looks like a value, inside signed octets",
        signing.sign(&document),
        WHOLE,
    );
    let mut signing = maker.signing(Role::Principal);
    signing.sub_filter = "Vi.du";
    maker
        .attack(
            ("M3", "unknown-sub-filter"),
            "a /SubFilter that nobody knows",
            signing.sign(&document),
            &["HieuTruong unsupported whole-file none"],
        )
        .told_by("GENERIC");
    maker.attack(
        ("X7", "dictionary-in-object-stream"),
        "the signature dictionary in an object stream; a look-alike around the gap",
        in_object_stream(maker),
        REJECTED,
    );
    // F7 and F8: what is no signature field is never a signature.
    let mut signing = maker.signing(Role::Principal);
    signing.field = (super::base::REMARK, super::base::REMARK_FIELD.to_owned());
    maker
        .control(
            ("F7", "in-a-text-field"),
            "a signature dictionary as the value of a text field",
            signing.sign(&document),
            &[],
        )
        .document = "unsigned";
    let mut signing = maker.signing(Role::Principal);
    signing.field = (60, PRINCIPAL_FIELD.replace("HieuTruong", "NgoaiBieuMau"));
    maker
        .control(
            ("F8", "outside-the-form"),
            "a signature field that the form does not list",
            signing.sign(&document),
            &[],
        )
        .document = "unsigned";
    let stripped = maker.approved();
    let text = format!("<< {PRINCIPAL_FIELD} >>");
    maker.attack(
        ("F1", "value-removed"),
        "the signature field without its value",
        stripped.file.with(&[(PRINCIPAL, &text)]),
        MODIFIED,
    );
}

/// The field's value is in an object stream; the gap is in an object that nothing refers to.
fn in_object_stream(maker: &Maker<'_>) -> Signed {
    let signing = maker.signing(Role::Principal);
    let mut update = document_with(&[]).update();
    let [inner, container, around] = [update.allocate(), update.allocate(), update.allocate()];
    update.object(PRINCIPAL, format!("<< {PRINCIPAL_FIELD} /V {inner} 0 R >>"));
    update.object(around, (signing.form)(&signing.parts()));
    let signed = signing.fill(update.clone().table(), around, |octets| {
        Cms::new(signing.identity(), octets).make()
    });
    // The range and the value of the first signing, packed: the value no longer holds, as nothing
    // that is packed can.
    let body = super::appended::dictionary_body(&signed.file, around);
    let entry = format!("{inner} 0 ");
    let data = format!("{entry}{body}");
    let packed =
        super::update::stream(&format!("/Type /ObjStm /N 1 /First {}", entry.len()), &data);
    update.object(container, packed);
    update.row(
        inner,
        Row::Packed {
            stream: container,
            index: 0,
        },
    );
    signing.fill(update.stream(), around, |octets| {
        Cms::new(signing.identity(), octets).make()
    })
}
