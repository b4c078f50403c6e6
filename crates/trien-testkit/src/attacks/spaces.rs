//! Colours that are not what their numbers say (ATTACKS.md, C5): on the page that was certified, and
//! in the mark that comes.

use super::base::{CONTENT_1, MARKS, RESOURCES, document_with};
use super::maker::{Maker, PERMITTED};
use super::sneaky::{EMPTY, NewMark, OVER_PRINCIPAL, SEAL, roomy, signing};
use super::update::stream;
use crate::pki::Role;

/// Where an outlined letter stands, among nothing else.
const OUTLINE: &str = "80 310 15 20 re f";

pub(super) fn make(maker: &mut Maker<'_>) {
    outlines(maker);
    for (name, what, space) in [
        (
            "calibrated-seal-over-the-principal",
            "a seal over the principal's mark, whose dark colours a calibration makes any",
            "[/CalGray << /WhitePoint [1 1 1] /Gamma 0.001 >>]",
        ),
        (
            "profiled-seal-over-the-principal",
            "a seal over the principal's mark, whose dark colours a profile makes any",
            "[/ICCBased 30 0 R]",
        ),
        (
            "inked-seal-over-the-principal",
            "a dark seal over half of what it shares with the principal's mark",
            "/DeviceGray",
        ),
    ] {
        let mark = NewMark {
            rectangle: OVER_PRINCIPAL,
            draws: SEAL,
            space,
            // Its ink takes half of what it lies over.
            mask: "00FF0000>",
            ..NewMark::default()
        };
        let signed = signing(maker, 0, &mark).sign(&roomy(&maker.approved()));
        let last = "Moi0 intact whole-file none";
        if space == "/DeviceGray" {
            maker.control(("C5", name), what, signed, &[PERMITTED[0], last]);
        } else {
            let first = "HieuTruong intact revision forbidden";
            maker.attack(("C5", name), what, signed, &[first, last]);
        }
    }
}

/// A mark over a letter that is drawn as an area, as dark as its page makes it.
fn outlines(maker: &mut Maker<'_>) {
    let resources = |more: &str| {
        format!("<< /Font << /F1 9 0 R /F2 10 0 R >> /XObject << /Im1 11 0 R >> {more} >>")
    };
    let redefined = "/ColorSpace << /DefaultGray [/Indexed /DeviceGray 1 <FF00>] >>";
    let profiled = "/ColorSpace << /Cs1 [/ICCBased 30 0 R] >>";
    let blended = "/ExtGState << /G1 << /BM /Difference >> >>";
    for (name, what, ink, more) in [
        (
            "outline-in-default-space",
            "P=2: a mark over a letter whose white is black on this page",
            "1 g",
            redefined,
        ),
        (
            "outline-in-a-profile",
            "P=2: a mark over a letter in a space that nobody reads",
            "/Cs1 cs 1 1 1 scn",
            profiled,
        ),
        (
            "outline-in-difference",
            "P=2: a mark over a white letter that is blended to black",
            "/G1 gs 1 g",
            blended,
        ),
        ("white-ground", "P=2: a mark over a white ground", "1 g", ""),
    ] {
        let content = stream("", &format!("{MARKS} q {ink} {OUTLINE} Q /Im1 Do"));
        let document = document_with(&[(CONTENT_1, &content), (RESOURCES, &resources(more))]);
        let certified = maker
            .signing(Role::Principal)
            .certifying(&document, 2)
            .sign(&document);
        let mark = NewMark {
            rectangle: EMPTY,
            ..NewMark::default()
        };
        let signed = signing(maker, 0, &mark).sign(&roomy(&certified));
        let last = "Moi0 intact whole-file none";
        if more.is_empty() {
            maker.control(("C5", name), what, signed, &[PERMITTED[0], last]);
        } else {
            let first = "HieuTruong intact revision forbidden";
            maker.attack(("C5", name), what, signed, &[first, last]);
        }
    }
}
