//! Updates that hide another page's marks in octets that they may have, for readers that rebuild a file
//! by scanning it; and updates at which some readers stumble, and rebuild it (ATTACKS.md, I2).

use super::base::{CONTENT_1, INFO, METADATA, OTHER_MARKS, metadata};
use super::maker::{MODIFIED, Maker, PERMITTED, UNCHANGED};
use super::update::{RawFile, stream};

/// A number that the document leaves free.
const NEW: u32 = 61;

pub(super) fn make(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    hidden(maker, &file);
    long(maker, &file);
}

/// The other marks where the update may have any octets.
fn hidden(maker: &mut Maker<'_>, file: &RawFile) {
    let marks = OTHER_MARKS.replace('(', "\\(").replace(')', "\\)");
    let object = |marks: &str| {
        let marks = stream("", marks);
        format!("\nendstream\nendobj\n{CONTENT_1} 0 obj\n{marks}\nendobj\n")
    };
    let harmless = "4 objects, 0 of them in a trailer";
    let with = |number: u32, body: String| file.with(&[(number, &body)]).octets;
    let in_trailer = |text: &str| {
        let mut update = file.update();
        update.trailer = format!("/Note ({text})");
        update.table().octets
    };
    let told = |text: &str| with(METADATA, metadata(text, ""));
    let titled = |text: &str| with(INFO, format!("<< /Title ({text}) >>"));
    let kept = |text: &str| with(NEW, stream("", text));
    for (name, what, octets) in [
        (
            "object-in-metadata",
            "metadata with another content of the page",
            told(&format!("<![CDATA[{}]]>", object(OTHER_MARKS))),
        ),
        (
            "object-in-title",
            "a title with another content of the page",
            titled(&object(&marks)),
        ),
        (
            "object-in-stream",
            "a stream that nothing refers to, with another content of the page",
            kept(&object(OTHER_MARKS)),
        ),
        (
            "object-in-trailer",
            "a trailer with another content of the page",
            in_trailer(&object(&marks)),
        ),
        (
            "trailer-in-stream",
            "a stream that nothing refers to, with a trailer",
            kept(&format!("trailer\n<< /Root {NEW} 0 R >>\n")),
        ),
        (
            "number-behind-comment-in-stream",
            "a stream that nothing refers to, with the header of an object and a comment inside",
            kept(&format!("{CONTENT_1} %a\n0 obj")),
        ),
        (
            "header-joined",
            "an object whose header goes on as its value, at which some readers stumble",
            rewritten(with(NEW, "false".to_owned()), "obj\nfalse", "objfalse\n"),
        ),
    ] {
        maker.attack(("I2", name), what, octets, MODIFIED);
    }
    for (name, what, octets, expected) in [
        (
            "words-in-metadata",
            "metadata that speak of objects and trailers",
            told(harmless),
            PERMITTED,
        ),
        (
            "words-in-trailer",
            "a trailer that speaks of objects and trailers",
            in_trailer(harmless),
            UNCHANGED,
        ),
    ] {
        maker.control(("I2", name), what, octets, expected);
    }
}

/// Numbers and trailers longer than some readers take.
fn long(maker: &mut Maker<'_>, file: &RawFile) {
    let zeros = "0".repeat(300);
    let plain = || file.with(&[(NEW, "<< /Note (9) >>")]).octets;
    let number = format!("startxref\n{zeros}");
    let previous = format!("/Prev {zeros}");
    let count = format!("xref\n{NEW} {zeros}1");
    let keys: String = (0..600).map(|key| format!("/K{key} {key} ")).collect();
    for (name, what, from, to) in [
        (
            "startxref-of-many-zeros",
            "a startxref of 300 zeros and a number",
            "startxref\n",
            &number,
        ),
        (
            "previous-of-many-zeros",
            "a /Prev of 300 zeros and a number",
            "/Prev ",
            &previous,
        ),
        (
            "count-of-many-zeros",
            "a table whose count has 300 zeros in front",
            "xref\n61 1",
            &count,
        ),
        (
            "trailer-of-many-keys",
            "a trailer of 600 keys",
            "/Prev",
            &format!("{keys}/Prev"),
        ),
    ] {
        maker.attack(("I2", name), what, rewritten(plain(), from, to), MODIFIED);
    }
}

/// The octets with the last `from` in them replaced.
fn rewritten(mut octets: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let mut places = octets.windows(from.len());
    let at = places.rposition(|place| place == from.as_bytes()).unwrap();
    octets.splice(at..at + from.len(), to.bytes());
    octets
}
