//! Fields that an update makes read-only: by a signature that locks them, and by nobody (ATTACKS.md, F1).

use super::base::{REMARK, REMARK_FIELD, REMARK_LOOK, field_lock, look};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED};
use crate::pki::Role;

const SHOWN: &str = "BT /F1 10 Tf 2 4 Td (Gioi) Tj ET";

pub(super) fn make(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let remark = |entries: &str| format!("<< {REMARK_FIELD} {entries} >>");
    let (locked, filled) = (remark("/V (Dat) /Ff 1"), remark("/V (Gioi) /Ff 1"));
    let shown = look("200 20", SHOWN);
    maker.attack(
        ("F1", "read-only"),
        "a field made read-only by no signature",
        file.with(&[(REMARK, &locked)]),
        MODIFIED,
    );
    maker.control(
        ("F1", "filled-and-read-only"),
        "a field filled and made read-only with it, as iText does before it signs",
        file.with(&[(REMARK, &filled), (REMARK_LOOK, &shown)]),
        PERMITTED,
    );
    let locking = |fields: &str| {
        let mut signing = maker.signing(Role::SchoolSeal);
        signing.entries = field_lock(&format!("/Action /Include /Fields [{fields}]"));
        signing.objects = vec![(REMARK, locked.clone())];
        signing.sign(&file)
    };
    let (own, other) = (locking("(NhanXet)"), locking("(ab)"));
    maker.control(
        ("F1", "read-only-by-signature"),
        "a signature locks a field and makes it read-only",
        own,
        BOTH,
    );
    maker.attack(
        ("F1", "read-only-beside-lock"),
        "a signature locks one field, and another is made read-only",
        other,
        &[
            "HieuTruong intact revision forbidden",
            "ConDau intact whole-file none",
        ],
    );
}
