//! The document of the attacks, signed and left alone: what tests put their own updates behind.

use super::base::{PAGE_2, Signing, document_with};
use super::fillings;
use super::update::RawFile;
use crate::pki::{Role, TestPki};

const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R \
                    /Contents 6 0 R >>";

/// The two pages with their form, signed by the principal: certified with this permission (/P of
/// ISO 32000-2, 12.8.2.2) or without a certification. The text fields `NhanXet`, `a.b` and `ab`
/// and the signature field `ConDau` wait to be filled.
///
/// # Panics
/// The key of the principal does not sign.
#[must_use]
pub fn signed_document(pki: &TestPki, permission: Option<u8>) -> RawFile {
    // Without the reference to nothing that the attacks wait to fill: writers take such a number
    // for a new object of theirs.
    signed(pki, permission, &[(PAGE_2, PAGE)])
}

/// The same with a field of every type: the text fields `HaiNoi` (shown twice), `Khoa` (read-only)
/// and `ToGiay` (as large as the page), the box `Dat`, the radio buttons `HanhKiem`, the choice
/// `XepLoai` and the push button `In`.
///
/// # Panics
/// The key of the principal does not sign.
#[must_use]
pub fn signed_form(pki: &TestPki, permission: Option<u8>) -> RawFile {
    let objects = fillings::objects();
    let fields = objects
        .iter()
        .map(|(number, body)| (*number, body.as_str()));
    let changed: Vec<(u32, &str)> = fields.chain([(PAGE_2, PAGE)]).collect();
    signed(pki, permission, &changed)
}

fn signed(pki: &TestPki, permission: Option<u8>, changed: &[(u32, &str)]) -> RawFile {
    let document = document_with(changed);
    let signing = Signing::new(pki, Role::Principal);
    let signing = match permission {
        Some(permission) => signing.certifying(&document, permission),
        None => signing,
    };
    signing.sign(&document).file
}
