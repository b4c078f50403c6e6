//! /`ByteRange`, /Contents and the CMS structure in it (ATTACKS.md, 2 and 8).

use super::base::{PRINCIPAL, PRINCIPAL_FIELD, Signed, document_with};
use super::cms::Cms;
use super::maker::{BROKEN, Maker, REJECTED, WHOLE};
use super::update::Row;
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    ranges(maker);
    values(maker);
}

/// The digits of the file's range replaced, in the same width: signed octets change, as they do
/// for an attacker who re-signs nothing.
fn range_made(maker: &Maker<'_>, range: impl Fn(usize, usize, usize) -> String) -> Signed {
    let mut signing = maker.signing(Role::Principal);
    signing.form = Box::new(|parts| {
        format!(
            "<< {} /ByteRange {}                                  /Contents {} >>",
            parts.entries, parts.byte_range, parts.contents
        )
    });
    let document = document_with(&[]);
    // Signed once to learn where the parts come to stand, then with the range already in place.
    let first = signing.sign(&document);
    let rest = first.file.octets.len() - first.gap.1;
    let text = range(first.gap.0, first.gap.1, rest);
    let mut again = first.clone();
    let at = again.file.find_last("/ByteRange [") + 11;
    let end = again.file.find_last("/Contents <");
    let room = end - at;
    let padded = format!("{text:room$}");
    assert_eq!(padded.len(), room, "{text}");
    again.file.octets[at..end].copy_from_slice(padded.as_bytes());
    let signed = [
        &again.file.octets[..again.gap.0],
        &again.file.octets[again.gap.1..],
    ]
    .concat();
    let cms = Cms::new(signing.identity(), &signed).make();
    let digits: String = cms.iter().map(|octet| format!("{octet:02x}")).collect();
    let start = again.gap.0 + 1;
    again.file.octets[start..start + digits.len()].copy_from_slice(digits.as_bytes());
    again
}

fn ranges(maker: &mut Maker<'_>) {
    type Range = fn(usize, usize, usize) -> String;
    let cases: [(&str, &str, &str, Range); 7] = [
        (
            "B2",
            "three-pairs",
            "a third pair; the pairs together name the octets that were signed",
            |start, end, rest| format!("[0 {start} {end} {} {} 9]", rest - 9, end + rest - 9),
        ),
        ("B1", "zeros", "[0 0 0 0]", |_, _, _| "[0 0 0 0]".to_owned()),
        (
            "B1",
            "reals",
            "reals instead of integers",
            |start, end, rest| format!("[0.0 {start}.0 {end}.0 {rest}.0]"),
        ),
        ("B1", "odd-count", "three integers", |start, end, _| {
            format!("[0 {start} {end}]")
        }),
        ("B1", "null", "null", |_, _, _| "null".to_owned()),
        (
            "B3",
            "beyond-the-end",
            "the second span ends behind the file",
            |start, end, rest| format!("[0 {start} {end} {}]", rest + 1),
        ),
        (
            "B4",
            "first-span-later",
            "the first span starts at 1",
            |start, end, rest| format!("[1 {} {end} {rest}]", start - 1),
        ),
    ];
    for (row, name, what, range) in cases {
        let file = range_made(maker, range);
        maker.attack((row, name), what, file, REJECTED);
    }
    let wider = range_made(maker, |start, end, rest| {
        format!("[0 {} {end} {rest}]", start - 1)
    });
    maker.attack(
        ("B5", "gap-with-a-space"),
        "the gap begins a space before the value",
        wider,
        REJECTED,
    );
    let ends_early = range_made(maker, |start, end, rest| {
        format!("[0 {start} {end} {}]", rest - 30)
    });
    maker.attack(
        ("B13", "ends-early"),
        "the second span ends before the revision does",
        ends_early,
        REJECTED,
    );
    unnested(maker);
}

/// Two signatures in one revision: the first ends before the second's value.
fn unnested(maker: &mut Maker<'_>) {
    let signing = maker.signing(Role::Principal);
    let seal = maker.signing(Role::SchoolSeal);
    let mut update = document_with(&[]).update();
    let [first, second] = [update.allocate(), update.allocate()];
    update.object(PRINCIPAL, format!("<< {PRINCIPAL_FIELD} /V {first} 0 R >>"));
    let (field, entries) = &seal.field;
    update.object(*field, format!("<< {entries} /V {second} 0 R >>"));
    for (number, by) in [(first, &signing), (second, &seal)] {
        let body = (by.form)(&by.parts());
        update.object(number, body);
    }
    let file = update.table();
    // The last place is filled first: the seal's. Then the principal's, whose range is made to
    // end before the seal's dictionary.
    let sealed = seal.fill(file, second, |signed| {
        Cms::new(seal.identity(), signed).make()
    });
    let early = sealed.file.find_last(&format!("{second} 0 obj"));
    let mut head = sealed.file.clone();
    let behind = head.octets.split_off(early);
    let mut file = signing
        .fill(head, first, |signed| {
            Cms::new(signing.identity(), signed).make()
        })
        .file;
    file.octets.extend(behind);
    maker.attack(
        ("B17", "unnested"),
        "two signatures in one revision; the first ends before the second, which it precedes",
        file,
        &[
            "HieuTruong intact broken none",
            "ConDau broken whole-file none",
        ],
    );
}

/// What stands at /Contents.
fn values(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    let approved = maker.approved();
    let unfilled = {
        let mut file = approved.file.clone();
        file.octets[approved.gap.0 + 1..approved.gap.1 - 1].fill(b'0');
        file
    };
    maker.attack(
        ("B7", "unfilled"),
        "a value of zeros: prepared, and nobody signed",
        unfilled,
        REJECTED,
    );
    for (row, name, what, behind, signatures) in [
        (
            "B11",
            "structure-behind-the-value",
            "a second structure behind the CMS structure",
            "3003020100",
            BROKEN,
        ),
        (
            "B10",
            "zeros-behind-the-value",
            "zeros behind the CMS structure",
            "0000000000",
            WHOLE,
        ),
        (
            "B11",
            "residue-behind-the-value",
            "octets without structure behind the CMS structure, as signers leave them",
            "0102030405",
            WHOLE,
        ),
    ] {
        let mut signed = approved.clone();
        let cms = last_digit(&signed);
        let at = cms + 2;
        signed.file.octets[at..at + behind.len()].copy_from_slice(behind.as_bytes());
        if signatures == WHOLE {
            maker.control((row, name), what, signed, signatures);
        } else {
            maker.attack((row, name), what, signed, signatures);
        }
    }
    maker.control(
        ("B12", "odd-digits"),
        "an odd number of digits",
        reshaped(maker, |digits| digits.strip_suffix('0').unwrap().to_owned()),
        WHOLE,
    );
    maker.control(
        ("B12", "line-breaks"),
        "line breaks between the digits",
        reshaped(maker, |digits| {
            let (head, tail) = digits.split_at(64);
            format!("{head}\n{}", tail.strip_suffix("00").unwrap())
        }),
        WHOLE,
    );
    maker.attack(
        ("B8", "literal-string"),
        "the value as a literal string",
        literal(maker),
        REJECTED,
    );
    let mut indirect = maker.signing(Role::Principal);
    indirect.form = Box::new(|parts| {
        format!(
            "<< {} /ByteRange {} /Contents 60 0 R >>\nendobj\n60 0 obj\n{}",
            parts.entries, parts.byte_range, parts.contents
        )
    });
    let mut update = document.update();
    let number = update.allocate();
    update.object(
        PRINCIPAL,
        format!("<< {PRINCIPAL_FIELD} /V {number} 0 R >>"),
    );
    update.object(number, (indirect.form)(&indirect.parts()));
    let text = String::from_utf8_lossy(&update.octets).into_owned();
    let characters_before = text.find("\n60 0 obj").unwrap();
    let offset = update
        .octets
        .windows(9)
        .position(|window| window == b"\n60 0 obj")
        .unwrap_or(characters_before)
        + 1;
    update.row(
        60,
        Row::At {
            offset,
            generation: 0,
        },
    );
    let file = update.table();
    let signed = indirect.fill(file, number, |octets| {
        Cms::new(indirect.identity(), octets).make()
    });
    maker.attack(
        ("B9", "indirect-value"),
        "/Contents refers to an object",
        signed,
        REJECTED,
    );
}

/// Offset of the last digit of the CMS structure.
fn last_digit(signed: &Signed) -> usize {
    let octets = &signed.file.octets;
    let digits = &octets[signed.gap.0 + 5..signed.gap.0 + 9];
    // ContentInfo is a SEQUENCE with a length in two octets: 30 82 xx xx.
    let length = usize::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
    signed.gap.0 + 1 + 2 * (4 + length) - 2
}

/// Signs a file whose value token is `reshape` of the digits: shorter by one or two octets, or as
/// long with white space inside.
fn reshaped(maker: &Maker<'_>, reshape: impl Fn(&str) -> String) -> Signed {
    let signing = maker.signing(Role::Principal);
    let approved = signing.sign(&document_with(&[]));
    let digits = |from: &Signed| {
        let (start, end) = from.gap;
        String::from_utf8_lossy(&from.file.octets[start + 1..end - 1]).into_owned()
    };
    let old = digits(&approved);
    let shorter = old.len() - reshape(&old).len();
    // What the token loses, white space behind the dictionary gains: offsets stay.
    let rewrite = |token: &str| {
        let (start, end) = approved.gap;
        let mut octets = approved.file.octets[..start].to_vec();
        octets.extend_from_slice(format!("<{token}>").as_bytes());
        octets.resize(octets.len() + shorter, b' ');
        octets.extend_from_slice(&approved.file.octets[end..]);
        octets
    };
    let mut signed = approved.clone();
    signed.gap.1 -= shorter;
    signed.file.octets = rewrite(&reshape(&old));
    let range = format!(
        "[0 {:010} {:010} {:010}]",
        signed.gap.0,
        signed.gap.1,
        signed.file.octets.len() - signed.gap.1
    );
    let at = signed.file.find_last("/ByteRange [") + 11;
    signed.file.octets[at..at + range.len()].copy_from_slice(range.as_bytes());
    let octets = [
        &signed.file.octets[..signed.gap.0],
        &signed.file.octets[signed.gap.1..],
    ]
    .concat();
    let cms = Cms::new(signing.identity(), &octets).make();
    let mut new: String = cms.iter().map(|octet| format!("{octet:02x}")).collect();
    new.push_str(&"0".repeat(old.len() - new.len()));
    let token = format!("<{}>", reshape(&new));
    let (start, end) = signed.gap;
    signed.file.octets[start..end].copy_from_slice(token.as_bytes());
    signed
}

/// A value in parentheses, its octets escaped in octal digits.
fn literal(maker: &Maker<'_>) -> Signed {
    let mut signing = maker.signing(Role::Principal);
    signing.room = 8_192;
    let mut signed = signing.sign(&document_with(&[]));
    let (start, end) = signed.gap;
    let octets = [&signed.file.octets[..start], &signed.file.octets[end..]].concat();
    let cms = Cms::new(signing.identity(), &octets).make();
    let mut text = "(".to_owned();
    for octet in cms {
        text.push_str(&format!("\\{octet:03o}"));
    }
    let room = end - start - 1;
    while text.len() + 4 <= room {
        text.push_str("\\000");
    }
    while text.len() < room {
        text.push('0');
    }
    text.push(')');
    signed.file.octets[start..end].copy_from_slice(text.as_bytes());
    signed
}
