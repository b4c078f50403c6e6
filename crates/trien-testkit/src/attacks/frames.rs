//! Updates whose cross-references are written so that some readers stumble, rebuild the file, and show
//! the other marks that were prepared behind the signed ones (ATTACKS.md, I2, S4).

use super::base::{CATALOG, CONTENT_1, MARKS, OTHER_MARKS, document_with, objects};
use super::maker::{MODIFIED, Maker, UNCHANGED};
use super::update::{RawFile, RawUpdate, Row, stream};
use crate::pki::Role;

/// Stands for the offset of the section until it is known.
const SECTION: &str = "{section}";

const ROWS: &str = "xref\n0 1\n0000000000 65535 f \n";
const TAIL: &str = "startxref\n{section}\n%%EOF\n";

pub(super) fn make(maker: &mut Maker<'_>) {
    let file = maker.signing(Role::Principal).sign(&prepared()).file;
    tables(maker, &file);
    streams(maker, &file);
    hybrid(maker, &file);
    linearized(maker);
}

/// A table that names a stream, which names another one in its turn: some readers follow it, and
/// take what they find there before what was signed.
fn hybrid(maker: &mut Maker<'_>, file: &RawFile) {
    let (first, root, previous) = (file.size, file.root, file.startxref);
    let size = first + 2;
    let other = file.find_last(&format!("\n{CONTENT_1} 0 obj")) + 1;
    let of = |number: u32, (named, offset): (u32, usize), entries: &str| {
        let dictionary = format!(
            "/Type /XRef /Size {size} /Root {root} 0 R /W [1 4 2] /Index [{named} 1] \
             /Filter /ASCIIHexDecode {entries}"
        );
        let data = stream(&dictionary, &format!("01{offset:08X}0000>"));
        format!("{number} 0 obj\n{data}\nendobj\n")
    };
    let update = |leads: bool| {
        let mut octets = file.octets.clone();
        let aside = octets.len();
        octets.extend_from_slice(of(first, (CONTENT_1, other), "").as_bytes());
        let hidden = octets.len();
        let entries = if leads {
            format!("/Prev {aside}")
        } else {
            String::new()
        };
        let own = of(first + 1, (first + 1, hidden), &entries);
        octets.extend_from_slice(own.as_bytes());
        let at = octets.len();
        let section = format!(
            "{ROWS}{first} 2\n{aside:010} 00000 n \n{hidden:010} 00000 n \ntrailer\n<< /Size {size} \
             /Root {root} 0 R /Prev {previous} /XRefStm {hidden} >>\n"
        );
        octets.extend_from_slice(section.as_bytes());
        octets.extend_from_slice(TAIL.replace(SECTION, &at.to_string()).as_bytes());
        octets
    };
    maker.attack(
        ("I4", "hidden-stream-leads-aside"),
        "an update whose hidden stream has a /Prev of its own, to other marks",
        update(true),
        MODIFIED,
    );
    maker.control(
        ("I4", "hidden-stream-alone"),
        "the same update whose hidden stream leads nowhere",
        update(false),
        UNCHANGED,
    );
}

/// How long the file says that it is, and becomes.
const STATED: usize = 40_000;

/// A linearized file whose stated length is that of the file with its update: readers that find it
/// start with the section behind the first object, which has other marks.
fn linearized(maker: &mut Maker<'_>) {
    let first = |other: usize, main: usize| {
        format!(
            "70 0 obj\n<< /Linearized 1 /L {STATED} /H [100 10] /O 3 /E 2000 /N 2 /T 100 >>\nendobj\n\
             xref\n{CONTENT_1} 1\n{other:010} 00000 n \ntrailer\n\
             << /Size 71 /Root 1 0 R /Prev {main:010} >>\nstartxref\n0\n%%EOF\n"
        )
    };
    let mut update = RawUpdate::first(CATALOG);
    let start = update.octets.len();
    let other = start + first(0, 0).len();
    update.raw(first(other, 0));
    update.object(CONTENT_1, stream("", OTHER_MARKS));
    for (number, body) in objects() {
        update.object(number, body);
    }
    update.row(
        70,
        Row::At {
            offset: start,
            generation: 0,
        },
    );
    let mut file = update.table();
    let section = first(other, file.startxref);
    file.octets[start..start + section.len()].copy_from_slice(section.as_bytes());
    let signed = maker.signing(Role::Principal).sign(&file).file;
    let padded = |octets: usize| {
        let mut update = signed.update();
        update.raw("\n".repeat(octets));
        update.table().octets
    };
    let padding = STATED - padded(10_000).len() + 10_000;
    assert_eq!(padded(padding).len(), STATED);
    maker.attack(
        ("X8", "length-stated-before"),
        "an update that makes the file as long as it said: readers start with its first section",
        padded(padding),
        MODIFIED,
    );
    maker.control(
        ("X8", "length-stated-otherwise"),
        "the same update one octet longer, which no reader takes for the stated length",
        padded(padding + 1),
        UNCHANGED,
    );
}

/// The document with other marks behind the signed ones, under the same number.
fn prepared() -> RawFile {
    let mut update = document_with(&[]).update();
    update.object(CONTENT_1, stream("", MARKS));
    let other = stream("", OTHER_MARKS);
    update.raw(format!("{CONTENT_1} 0 obj\n{other}\nendobj\n"));
    update.table()
}

/// An update of these octets: `before` stands in front of the section, `named` octets of which
/// startxref counts to it.
fn framed(file: &RawFile, (before, named): (&str, usize), section: &str, tail: &str) -> Vec<u8> {
    let mut octets = file.octets.clone();
    octets.extend_from_slice(before.as_bytes());
    let at = (octets.len() - named).to_string();
    octets.extend_from_slice(section.as_bytes());
    octets.extend_from_slice(tail.replace(SECTION, &at).as_bytes());
    octets
}

fn trailer(file: &RawFile, size: u32) -> String {
    let (root, previous) = (file.root, file.startxref);
    format!("trailer\n<< /Size {size} /Root {root} 0 R /Prev {previous} >>\n")
}

fn tables(maker: &mut Maker<'_>, file: &RawFile) {
    let size = file.size;
    let behind = size + 6;
    let far = "\n".repeat(1_500);
    let many = |end: &str| {
        let rows = format!("0000000000 00001 f{end}").repeat(6);
        format!("{ROWS}{size} 6\n{rows}")
    };
    let plain = trailer(file, size);
    let longer = trailer(file, behind);
    let whole = |rows: &str, trailer: &str| format!("{rows}{trailer}");
    let none = ("", 0);
    for (name, what, before, section, tail) in [
        (
            "table-of-short-entries",
            "a table whose entries are shorter than readers count",
            none,
            whole("xref\n0 1\n0 65535 f \n", &plain),
            TAIL.to_owned(),
        ),
        (
            "table-of-long-entries",
            "a table whose entries are longer than readers count",
            none,
            whole(&many(" \r\n"), &longer),
            TAIL.to_owned(),
        ),
        (
            "table-of-joined-entries",
            "a table whose entries follow one another without an end of line",
            none,
            whole(&many(""), &longer),
            TAIL.to_owned(),
        ),
        (
            "table-with-comment",
            "a table with a comment behind its keyword",
            none,
            whole("xref %a\n0 1\n0000000000 65535 f \n", &plain),
            TAIL.to_owned(),
        ),
        (
            "table-with-tabulator",
            "a table whose numbers are set apart by a tabulator",
            none,
            whole("xref\n0\t1\n0000000000 65535 f \n", &plain),
            TAIL.to_owned(),
        ),
        (
            "table-joined",
            "a table whose first number follows its keyword at once",
            none,
            whole("xref0 1\n0000000000 65535 f \n", &plain),
            TAIL.to_owned(),
        ),
        (
            "table-behind-comment",
            "a startxref that names a comment in front of the table",
            ("%abcdef\n", 8),
            whole(ROWS, &plain),
            TAIL.to_owned(),
        ),
        (
            "startxref-far",
            "a startxref so far from the end that readers do not find it",
            none,
            whole(ROWS, &plain),
            TAIL.replace("%%EOF", &format!("{far}%%EOF")),
        ),
        (
            "startxref-before-far-number",
            "a startxref whose number stands far behind it",
            none,
            whole(ROWS, &plain),
            TAIL.replace("startxref\n", &format!("startxref\n{far}")),
        ),
        (
            "startxref-with-zero",
            "a startxref with an octet of zero in front of its number",
            none,
            whole(ROWS, &plain),
            TAIL.replace("startxref\n", "startxref\0"),
        ),
        (
            "startxref-with-form-feed",
            "a startxref with a form feed in front of its number",
            none,
            whole(ROWS, &plain),
            TAIL.replace("startxref\n", "startxref\x0c"),
        ),
        (
            "startxref-in-comment",
            "a comment behind the trailer that names another startxref",
            none,
            whole(ROWS, &plain),
            format!("%startxref 9\n{TAIL}"),
        ),
    ] {
        let octets = framed(file, before, &section, &tail);
        maker.attack(("I2", name), what, octets, MODIFIED);
    }
    for (name, what, before, section, tail) in [
        (
            "table-alone",
            "an update of nothing",
            none,
            whole(ROWS, &plain),
            TAIL.to_owned(),
        ),
        (
            "table-behind-ends-of-lines",
            "a startxref that names an end of line in front of the table",
            ("\r\n", 2),
            whole(ROWS, &plain),
            TAIL.to_owned(),
        ),
        (
            "table-of-two-end-octets",
            "a table whose lines end in two octets",
            none,
            whole(&many("\r\n"), &longer),
            TAIL.replace('\n', "\r\n"),
        ),
        (
            "table-and-producer",
            "an update with a comment of its program behind the trailer",
            none,
            whole(ROWS, &plain),
            format!("%iText-5.5.13\n{TAIL}"),
        ),
    ] {
        let octets = framed(file, before, &section, &tail);
        maker.control(("I2", name), what, octets, UNCHANGED);
    }
}

fn streams(maker: &mut Maker<'_>, file: &RawFile) {
    let (number, root, previous) = (file.size, file.root, file.startxref);
    let written = |head: &str, widths: [usize; 3], rows: &[[usize; 3]], entries: &str| {
        let digits = |row: &[usize; 3]| -> String {
            let fields = row.iter().zip(widths);
            fields
                .map(|(value, width)| format!("{value:0w$X}", w = 2 * width))
                .collect()
        };
        let data: String = rows.iter().map(digits).collect();
        let [kind, offset, generation] = widths;
        let dictionary = format!(
            "/Type /XRef /Size {} /Root {root} 0 R /Prev {previous} /W [{kind} {offset} \
             {generation}] /Index [{number} {}] /Filter /ASCIIHexDecode {entries}",
            number as usize + rows.len(),
            rows.len()
        );
        format!(
            "{head}{number} 0 obj\n{}\nendobj\n",
            stream(&dictionary, &format!("{data}>"))
        )
    };
    let at = file.octets.len();
    let own = [1, at, 0];
    for (name, what, section) in [
        (
            "stream-of-unknown-kind",
            "a cross-reference stream with an entry of a kind that the standard does not have",
            written("", [1, 4, 2], &[own, [255, 0, 0]], ""),
        ),
        (
            "stream-of-wide-kinds",
            "a cross-reference stream that has eight octets for a kind",
            written("", [8, 4, 2], &[own], ""),
        ),
        (
            "stream-with-another",
            "a cross-reference stream that names another one, as tables do",
            written("", [1, 4, 2], &[own], "/XRefStm 15"),
        ),
        (
            "stream-with-another-filter",
            "a cross-reference stream that names its filter twice, once as inline images do",
            written("", [1, 4, 2], &[own], "/F /ASCII85Decode"),
        ),
        (
            "stream-behind-comment",
            "a startxref that names a comment in front of the stream",
            written("%a\n", [1, 4, 2], &[[1, at + 3, 0]], ""),
        ),
    ] {
        let octets = framed(file, ("", 0), &section, TAIL);
        maker.attack(("I2", name), what, octets, MODIFIED);
    }
    let section = written("", [1, 4, 2], &[own], "");
    maker.control(
        ("I2", "stream-alone"),
        "an update of nothing, with a stream",
        framed(file, ("", 0), &section, TAIL),
        UNCHANGED,
    );
}
