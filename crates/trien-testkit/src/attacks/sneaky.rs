//! Marks of later signatures and time stamps over what was signed: small ones, several of them,
//! and those that say another page or draw elsewhere than they seem to (ATTACKS.md, C5).

use super::base::{FIELDS, FORM, PAGE_1, PAGE_1_ANNOTATIONS, Signed, Signing, form, page_1};
use super::cms::Cms;
use super::maker::{Maker, PERMITTED};
use super::update::{RawFile, stream};
use crate::pki::Role;

/// Over the number of `MARKS`.
const OVER_NUMBER: &str = "[180 752 230 776]";
/// Nothing is there.
pub(super) const EMPTY: &str = "[60 300 160 340]";
/// Over the left third of the principal's mark.
pub(super) const OVER_PRINCIPAL: &str = "[250 80 335 165]";

/// The first number of those that new fields and looks have.
const FIRST: u32 = 60;
const SIZE: u32 = 80;
const VEIL: u32 = 70;
const MASK: u32 = 71;
const OWN_FONT: u32 = 72;
const GLYPH: u32 = 73;

const PLAIN: &str = "1 g 0 0 600 600 re f 0 g BT /F1 14 Tf 2 8 Td (9.0) Tj ET";
const TEXT: &str = "BT /F1 14 Tf 2 8 Td (Ky boi An) Tj ET";
pub(super) const SEAL: &str = "q 600 0 0 600 0 0 cm /Im0 Do Q";

pub(super) fn make(maker: &mut Maker<'_>) {
    over_content(maker);
    together(maker);
    time_stamps(maker);
    nobodys(maker);
}

/// Marks of signatures that do not hold: they are nobody's.
fn nobodys(maker: &mut Maker<'_>) {
    let file = roomy(&maker.approved());
    let over = |rectangle| NewMark {
        rectangle,
        ..NewMark::default()
    };
    for (name, what, rectangle, first) in [
        (
            "broken-over-a-number",
            "a mark over a number, of a signature whose value does not hold",
            OVER_NUMBER,
            "HieuTruong intact revision forbidden",
        ),
        (
            "broken-beside",
            "a mark where nothing is, of a signature whose value does not hold",
            EMPTY,
            PERMITTED[0],
        ),
    ] {
        let signing = signing(maker, 0, &over(rectangle));
        let signed = signing.sign_as(&file, |octets| {
            let mut value = Cms::new(signing.identity(), octets).make();
            *value.last_mut().unwrap() ^= 1;
            value
        });
        let lines = [first, "Moi0 broken whole-file none"];
        maker.attack(("C5", name), what, signed, &lines);
    }
    let mut signing = signing(maker, 0, &over(OVER_NUMBER));
    signing.sub_filter = "Khong.ai.biet";
    maker.attack(
        ("C5", "unknown-over-a-number"),
        "a mark over a number, of a signature that nobody can judge",
        signing.sign(&file),
        &[
            "HieuTruong intact revision forbidden",
            "Moi0 unsupported whole-file none",
        ],
    );
}

/// A new field of this number at this place, and what comes with it.
pub(super) struct NewMark<'m> {
    pub(super) rectangle: &'m str,
    pub(super) page: u32,
    pub(super) draws: &'m str,
    /// Samples of the soft mask, two by two.
    pub(super) mask: &'m str,
    /// More resources of the look.
    pub(super) resources: &'m str,
    /// The colour space of the picture.
    pub(super) space: &'m str,
}

impl Default for NewMark<'_> {
    fn default() -> Self {
        Self {
            rectangle: OVER_NUMBER,
            page: PAGE_1,
            draws: PLAIN,
            mask: "FF000000>",
            resources: "",
            space: "/DeviceGray",
        }
    }
}

/// Signing with the mark in field `60 + 2 * index`, behind those before it.
pub(super) fn signing<'p>(maker: &Maker<'p>, index: u32, mark: &NewMark<'_>) -> Signing<'p> {
    let field = FIRST + 2 * index;
    let fields: String = (0..=index)
        .map(|at| format!(" {} 0 R", FIRST + 2 * at))
        .collect();
    let picture = |space: &str, entries: &str, samples: &str| {
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 \
             /ColorSpace {space} /Filter /ASCIIHexDecode {entries}"
        );
        stream(&entries, samples)
    };
    let look = format!(
        "/Type /XObject /Subtype /Form /BBox [0 0 600 600] /Matrix [1 0 0 1 0 0] /Resources << \
         /Font << /F1 9 0 R /F3 {OWN_FONT} 0 R >> /XObject << /Im0 {VEIL} 0 R >> {} >>",
        mark.resources
    );
    let [left, bottom, right, top] = corners(mark.rectangle);
    let look = look.replace(
        "[0 0 600 600]",
        &format!("[0 0 {} {}]", right - left, top - bottom),
    );
    let draws = mark.draws.replace(
        "600 0 0 600",
        &format!("{} 0 0 {}", right - left, top - bottom),
    );
    let mut signing = maker.signing(Role::SchoolSeal);
    signing.field = (
        field,
        format!(
            "/FT /Sig /T (Moi{index}) /Type /Annot /Subtype /Widget /Rect {} /P {} 0 R /F 132 \
             /AP << /N {} 0 R >>",
            mark.rectangle,
            mark.page,
            field + 1
        ),
    );
    signing.objects = vec![
        (
            PAGE_1,
            page_1(&format!("{PAGE_1_ANNOTATIONS}{fields}"), "5 0 R"),
        ),
        (FORM, form(&format!("{FIELDS}{fields}"), "")),
        (field + 1, stream(&look, &draws)),
    ];
    if index == 0 {
        signing.objects.extend([
            (
                VEIL,
                picture(mark.space, &format!("/SMask {MASK} 0 R"), "20202020>"),
            ),
            (MASK, picture("/DeviceGray", "", mark.mask)),
            (
                OWN_FONT,
                format!(
                    "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] \
                     /CharProcs << /a {GLYPH} 0 R >> /Encoding << /Differences [97 /a] >> \
                     /FirstChar 97 /LastChar 97 /Widths [0] >>"
                ),
            ),
            (GLYPH, stream("", "0 0 d0 1 g 0 0 500 500 re f")),
        ]);
    }
    signing
}

fn corners(rectangle: &str) -> [i32; 4] {
    let numbers: Vec<i32> = rectangle
        .trim_matches(['[', ']'])
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.try_into().unwrap()
}

pub(super) fn roomy(signed: &Signed) -> RawFile {
    let mut file = signed.file.clone();
    file.size = SIZE;
    file
}

fn over_content(maker: &mut Maker<'_>) {
    let signed = [
        ("approved", maker.approved()),
        ("certified", maker.certified(2)),
        ("sealed", maker.approved_twice()),
    ];
    let over = |rectangle, draws| NewMark {
        rectangle,
        draws,
        ..NewMark::default()
    };
    for (kind, signed) in &signed {
        let file = roomy(signed);
        let attacks = [
            (
                "small-box-over-a-number",
                "a small mark with a ground of its own over a number",
                over(OVER_NUMBER, PLAIN),
            ),
            (
                "text-over-a-number",
                "a mark of text alone over a number",
                over(OVER_NUMBER, TEXT),
            ),
            (
                "another-page-named",
                "a mark over a number whose widget names another page",
                NewMark {
                    page: 4,
                    ..NewMark::default()
                },
            ),
            (
                "opaque-mask-over-a-number",
                "a picture over a number whose soft mask lets nothing through",
                NewMark {
                    draws: SEAL,
                    mask: "FFFFFFFF>",
                    ..NewMark::default()
                },
            ),
            (
                "default-colour-space",
                "a transparent seal beside a number whose look has other colours for the device's",
                NewMark {
                    resources: "/ColorSpace << /DefaultGray [/Indexed /DeviceGray 0 <FF>] >>",
                    ..over("[40 752 220 800]", SEAL)
                },
            ),
            (
                "own-font",
                "a letter beside the marks whose glyph paints over them",
                over("[60 752 330 800]", "BT /F3 1 Tf 250 30 Td (a) Tj ET"),
            ),
            (
                "over-a-filled-field",
                "a mark with a ground of its own over a filled field",
                over("[60 600 160 620]", PLAIN),
            ),
            (
                "over-an-earlier-mark",
                "a mark with a ground of its own over the principal's",
                over(OVER_PRINCIPAL, PLAIN),
            ),
        ];
        for (name, what, mark) in attacks {
            let id = format!("{kind}-{name}");
            let made = signing(maker, 0, &mark).sign(&file);
            // Where nobody certified or sealed, it is reported, but over those who signed before.
            let hides_mark = name == "over-an-earlier-mark";
            let first = if *kind == "certified" || hides_mark {
                "HieuTruong intact revision forbidden"
            } else {
                PERMITTED[0]
            };
            let seal = (*kind == "sealed").then_some("ConDau intact revision forbidden");
            let last = "Moi0 intact whole-file none";
            let lines: Vec<&str> = [first].into_iter().chain(seal).chain([last]).collect();
            if *kind == "approved" && !hides_mark {
                maker.control(("C5", &id), what, made, &lines);
            } else {
                maker.attack(("C5", &id), what, made, &lines);
            }
        }
        let controls = [
            (
                "small-box-beside",
                "a small mark with a ground of its own where nothing is",
                over(EMPTY, PLAIN),
            ),
            (
                "text-beside",
                "a mark of text where nothing is",
                over(EMPTY, TEXT),
            ),
            (
                "seal-over-the-principal",
                "a transparent seal over the left third of the principal's mark",
                over(OVER_PRINCIPAL, SEAL),
            ),
            (
                "seal-beside-a-number",
                "a transparent seal whose empty part is over a number",
                over("[40 752 220 800]", SEAL),
            ),
        ];
        for (name, what, mark) in controls {
            let seal = (*kind == "sealed").then_some("ConDau intact revision permitted");
            let last = "Moi0 intact whole-file none";
            let lines: Vec<&str> = [PERMITTED[0]]
                .into_iter()
                .chain(seal)
                .chain([last])
                .collect();
            let made = signing(maker, 0, &mark).sign(&file);
            maker.control(("C5", &format!("{kind}-{name}")), what, made, &lines);
        }
    }
}

/// Marks where nothing is, each small enough.
fn together(maker: &mut Maker<'_>) {
    let places = ["[60 190 290 460]", "[300 190 550 290]", "[300 530 550 740]"];
    let mut file = roomy(&maker.certified(2));
    for (index, rectangle) in (0..).zip(places) {
        let mark = NewMark {
            rectangle,
            ..NewMark::default()
        };
        file = signing(maker, index, &mark).sign(&file).file;
        if index == 1 {
            let lines = [
                "HieuTruong intact revision permitted",
                "Moi0 intact revision permitted",
                "Moi1 intact whole-file none",
            ];
            let what = "P=2: two large marks where nothing is";
            maker.control(("C5", "two-large-marks"), what, file.clone(), &lines);
        }
    }
    let lines = [
        "HieuTruong intact revision forbidden",
        "Moi0 intact revision permitted",
        "Moi1 intact revision permitted",
        "Moi2 intact whole-file none",
    ];
    let what = "P=2: three large marks, more than a fourth of the page together";
    maker.attack(("C5", "three-large-marks"), what, file, &lines);
}

/// Document time stamps that show a line of text, where nobody certified.
fn time_stamps(maker: &mut Maker<'_>) {
    let authority = maker.pki.identity(Role::TimeStampAuthority).unwrap();
    let file = roomy(&maker.approved());
    for (name, what, rectangle, first) in [
        (
            "document-stamp-over-a-number",
            "a document time stamp with a line of text over a number",
            OVER_NUMBER,
            "HieuTruong intact revision permitted",
        ),
        (
            "document-stamp-beside",
            "a document time stamp with a line of text where nothing is",
            EMPTY,
            "HieuTruong intact revision permitted",
        ),
    ] {
        let mark = NewMark {
            rectangle,
            draws: TEXT,
            ..NewMark::default()
        };
        let mut signing = signing(maker, 0, &mark);
        signing.sub_filter = "ETSI.RFC3161";
        let stamped = signing.sign_as(&file, |octets| {
            Cms::token(authority, octets, super::stamps::STAMPED_AT).make()
        });
        let lines = [first, "Moi0 intact whole-file none"];
        let made = if first == PERMITTED[0] {
            maker.control(("C5", name), what, stamped, &lines)
        } else {
            maker.attack(("C5", name), what, stamped, &lines)
        };
        made.stamps(&["valid"]);
    }
}
