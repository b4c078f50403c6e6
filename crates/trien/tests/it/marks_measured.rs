//! Marks as two renderers draw them, measured in the pixels: sizes, overlap, colours, text.

use std::path::Path;

use trien::mark::{Place, PlacedMark, TextMark};
use trien::{Document, Limits, PageArea};
use trien_testkit::pki::Role;
use trien_testkit::records::PageShape;
use trien_testkit::renderings::{RenderError, Renderer, Rendering};

use crate::marks::{
    DIAMETER, SCHOOL, below, font, letter, marked, over, seal, signature, signed_sealed_copied,
};
use crate::school::SIGNED_AT;

/// An eighth of a millimetre a pixel.
const DOTS_PER_INCH: u16 = 200;

/// `None`, said aloud, where the program is not installed.
fn unless_missing<T>(made: Result<T, RenderError>) -> Option<T> {
    match made {
        Err(missing @ RenderError::Missing(_)) => {
            println!("SKIPPED: {missing}");
            None
        }
        made => Some(made.unwrap()),
    }
}

fn with_path<T>(file: &[u8], then: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pdf");
    std::fs::write(&path, file).unwrap();
    then(&path)
}

/// At the same number of pixels a millimetre: poppler does not know units of user space.
fn rendered(renderer: Renderer, shape: PageShape, file: &[u8]) -> Option<Rendering> {
    let unit = match renderer {
        Renderer::Poppler => shape.user_unit as u16,
        _ => 1,
    };
    with_path(file, |path| {
        unless_missing(renderer.render(path, 0, DOTS_PER_INCH * unit))
    })
}

/// Red, where red lies on white or on blue.
fn is_red([red, green, blue]: [u8; 3]) -> bool {
    red > 120 && i16::from(red) - i16::from(green.max(blue)) > 60
}

fn is_blue([red, green, blue]: [u8; 3]) -> bool {
    blue > 80 && i16::from(blue) - i16::from(red.max(green)) > 60
}

fn is_dark([red, green, blue]: [u8; 3]) -> bool {
    red.max(green).max(blue) < 100
}

/// Pixels of a millimetre, told by the page.
fn scale(rendering: &Rendering, shape: PageShape) -> f64 {
    rendering.width() as f64 / (f64::from(shape.size.0) * 25.4 / 72.0)
}

/// A rectangle of pixels in millimetres.
fn millimetres([left, top, right, bottom]: [usize; 4], scale: f64) -> PageArea {
    let at = |pixels: usize| pixels as f64 / scale;
    PageArea::new((at(left), at(top)), (at(right - left), at(bottom - top)))
}

/// How many pixels of a part of the page are wanted.
fn count(
    rendering: &Rendering,
    area: &PageArea,
    scale: f64,
    is_wanted: fn([u8; 3]) -> bool,
) -> usize {
    let at = |length: f64| (length.max(0.0) * scale) as usize;
    (at(area.top)..at(area.bottom()))
        .flat_map(|y| (at(area.left)..at(area.right())).map(move |x| (x, y)))
        .filter(|(x, y)| is_wanted(rendering.pixel(*x, *y)))
        .count()
}

fn shapes() -> Vec<(&'static str, PageShape)> {
    vec![
        ("A4", PageShape::A4),
        ("A4 on its side", PageShape::A4_LANDSCAPE),
        ("A5", PageShape::A5),
        ("turned by 90", PageShape::A4.rotated(90)),
        ("turned by 180", PageShape::A4.rotated(180)),
        ("turned by 270", PageShape::A4_LANDSCAPE.rotated(270)),
        ("cropped", PageShape::A4.cropped(36.0)),
        (
            "turned, cropped, at an odd place",
            PageShape::A4
                .rotated(90)
                .cropped(50.0)
                .moved((-300.0, 77.7)),
        ),
        (
            "in units of two points",
            PageShape::A4.in_units(2.0).moved((10.0, -20.0)),
        ),
    ]
}

#[test]
fn seal_and_signature_have_their_size_place_and_colour_on_every_page() {
    if letter(PageShape::A4, 1).is_none() || font().is_none() {
        return;
    }
    for renderer in Renderer::ALL {
        let mut whole: Option<usize> = None;
        for (name, shape) in shapes() {
            let what = format!("{renderer}, {name}");
            let empty = letter(shape, 1).unwrap();
            let (signed, at) = marked(&empty, Role::Principal, "HieuTruong", |marks| {
                marks.signature(&signature(), &below(0))
            })
            .unwrap();
            let Some(picture) = rendered(renderer, shape, &signed) else {
                break;
            };
            let scale = scale(&picture, shape);
            let blue = millimetres(
                picture.bounds(is_blue).unwrap_or_else(|| panic!("{what}")),
                scale,
            );
            assert!(
                at.area.contains(&blue, 0.3) && blue.contains(&at.area, 0.5),
                "{what}: {blue:?} {at:?}"
            );
            assert_between_title_and_name(&picture, scale, &blue, &what);

            let (sealed, _) = marked(&signed, Role::SchoolSeal, "ConDau", |marks| {
                marks.seal(&seal(DIAMETER), &over("HieuTruong"))
            })
            .unwrap();
            let picture = rendered(renderer, shape, &sealed).unwrap();
            let red = millimetres(
                picture.bounds(is_red).unwrap_or_else(|| panic!("{what}")),
                scale,
            );
            for diameter in [red.width, red.height] {
                assert!((diameter - DIAMETER).abs() < 0.3, "{what}: {diameter} mm");
            }
            let share = (red.right() - blue.left) / blue.width;
            assert!((share - 1.0 / 3.0).abs() < 0.03, "{what}: {share}");
            assert!((red.centre().1 - blue.centre().1).abs() < 0.4, "{what}");
            // Nothing is cut off anywhere, if as much of it is seen as on a plain page.
            let all = picture.pixels(is_red);
            let off = all as f64 / *whole.get_or_insert(all) as f64 - 1.0;
            assert!(off.abs() < 0.02, "{what}: {off}");
        }
    }
}

/// The signature's middle is the title's, and it stands in the middle between title and name.
fn assert_between_title_and_name(picture: &Rendering, scale: f64, blue: &PageArea, what: &str) {
    let (middle, _) = blue.centre();
    let text = |top: f64, bottom: f64| {
        let at = |length: f64| (length * scale) as usize;
        let mut found: Option<[usize; 4]> = None;
        for y in at(top)..at(bottom) {
            for x in at(middle - 24.0)..at(middle + 24.0) {
                if is_dark(picture.pixel(x, y)) {
                    let [left, upper, right, lower] = found.unwrap_or([x, y, x, y]);
                    found = Some([left.min(x), upper.min(y), right.max(x), lower.max(y)]);
                }
            }
        }
        millimetres(found.unwrap_or_else(|| panic!("{what}")), scale)
    };
    let title = text(blue.top - 14.0, blue.top);
    let name = text(blue.bottom(), blue.bottom() + 14.0);
    for area in [title, name] {
        assert!(
            (area.centre().0 - middle).abs() < 0.7,
            "{what}: {area:?} {middle}"
        );
    }
    let above = blue.top - title.bottom();
    let under = name.top - blue.bottom();
    assert!((above - under).abs() < 2.0, "{what}: {above} {under}");
}

#[test]
fn the_text_of_a_copy_is_whole_black_and_read_by_others_on_every_page() {
    if letter(PageShape::A4, 1).is_none() || font().is_none() {
        return;
    }
    for renderer in Renderer::ALL {
        let mut whole: Option<usize> = None;
        for (name, shape) in shapes() {
            let what = format!("{renderer}, {name}");
            let (file, [_, _, text]) = signed_sealed_copied(&letter(shape, 1).unwrap()).unwrap();
            let Some(picture) = rendered(renderer, shape, &file) else {
                break;
            };
            let scale = scale(&picture, shape);
            let dark = count(&picture, &text.area, scale, is_dark);
            let expected = *whole.get_or_insert(dark);
            let off = dark as f64 / expected as f64 - 1.0;
            assert!(off.abs() < 0.04, "{what}: {off}");
            // Four lines of ten points, above the text of the page.
            assert!((text.area.height - 17.0).abs() < 1.0, "{what}: {text:?}");
            assert!(text.area.bottom() < 20.0, "{what}: {text:?}");
            let read = with_path(&file, |path| renderer.text(path, 0)).unwrap();
            assert_says(&read, &text, &what);
            let document = Document::open(&file, &Limits::default()).unwrap();
            let page = document.page(0).unwrap();
            assert!(page.view().area().contains(&text.area, 0.0), "{what}");
        }
    }
}

fn assert_says(read: &str, placed: &PlacedMark, what: &str) {
    for line in [
        "SAO Y",
        "Số: 05/SY-THCS",
        SCHOOL,
        "Thời gian ký: 2026-05-31T08:00:00+07:00",
    ] {
        assert!(read.contains(line), "{what}, {placed:?}: {line} in {read}");
    }
}

#[test]
fn the_qr_code_is_read_back_from_the_page() {
    let (Some(empty), Some(_)) = (letter(PageShape::A4, 1), font()) else {
        return;
    };
    let address = "https://tracuu.example.edu.vn/van-ban/2026/12-THCS-VP?ma=Ab3xY9";
    let place = Place::At {
        page: 0,
        left: 30.0,
        top: 200.0,
    };
    let text = TextMark::information("Phạm Đức Thắng", Some(SCHOOL), None, SIGNED_AT)
        .with_qr(address, 22.0)
        .unwrap();
    let (file, _) = marked(&empty, Role::Principal, "HieuTruong", |marks| {
        marks.text(&text, &place)
    })
    .unwrap();
    for renderer in Renderer::ALL {
        let Some(picture) = rendered(renderer, PageShape::A4, &file) else {
            continue;
        };
        let (width, grey) = (picture.width(), picture.grey());
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(width, picture.height(), |x, y| {
                grey[y * width + x]
            });
        let grids = image.detect_grids();
        let read: Vec<String> = grids
            .iter()
            .filter_map(|grid| grid.decode().ok())
            .map(|(_, content)| content)
            .collect();
        assert_eq!(read, [address], "{renderer}");
    }
}
