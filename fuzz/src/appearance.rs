//! Targets of what a mark is made of: pictures and fonts that a user brings along.

use std::sync::Once;

use trien_pdf::appearance::{EmbeddedFont, FontFace, Image};

/// What a mark says: letters that a subset needs, with marks above and below.
const TEXT: &str = "Người ký: Đặng Thị Ngọc 09";

/// A PNG or JPEG file, and the objects written of it.
pub fn image(octets: &[u8]) {
    let Ok(image) = Image::parse(octets) else {
        return;
    };
    assert!(image.width() > 0 && image.height() > 0);
    let mut last = 0;
    let written = image.write(&mut || {
        last += 1;
        last
    });
    let _objects = written.expect("the numbers are those of objects");
}

/// A font file, what it measures, and its subset for a text.
pub fn font(octets: &[u8]) {
    // libFuzzer's hook would end the process for the subsetter's panics too, which are caught where
    // it is called. Any other still ends it.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    for index in [0, 1] {
        let Ok(face) = FontFace::parse(octets, index) else {
            continue;
        };
        let _measures = (
            face.ascent(12.0),
            face.descent(12.0),
            face.width(TEXT, 12.0),
        );
        // Whatever letters a damaged font still has, one by one and together.
        let mut buffer = [0; 4];
        let known: String = TEXT
            .chars()
            .filter(|letter| face.width(letter.encode_utf8(&mut buffer), 12.0).is_ok())
            .collect();
        let Ok(font) = EmbeddedFont::new(&face, [known.as_str()]) else {
            continue;
        };
        let encoded = font.encode(&known).expect("it was embedded for this text");
        assert_eq!(encoded.len() % 2, 0);
        let _width = font.width(&known, 12.0);
        let mut last = 0;
        let written = font.write(&mut || {
            last += 1;
            last
        });
        let _objects = written.expect("the numbers are those of objects");
    }
}
