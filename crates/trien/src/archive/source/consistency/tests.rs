#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places in octets that the test wrote itself"
)]

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn written<W: Write + std::io::Seek>(mut writer: ZipWriter<W>) -> W {
    let plain = SimpleFileOptions::default();
    writer.add_directory("6A/", plain).unwrap();
    for (name, octets) in [("6A/aaaa.pdf", "one"), ("6A/bạn.pdf", "")] {
        writer.start_file(name, plain).unwrap();
        writer.write_all(octets.as_bytes()).unwrap();
    }
    writer.start_file("z.pdf", plain.large_file(true)).unwrap();
    writer.write_all(&[7; 5_000]).unwrap();
    writer.set_comment("học bạ").unwrap();
    writer.finish().unwrap()
}

fn plain() -> Vec<u8> {
    written(ZipWriter::new(Cursor::new(Vec::new()))).into_inner()
}

fn streamed() -> Vec<u8> {
    let mut octets = Vec::new();
    written(ZipWriter::new_stream(&mut octets));
    octets
}

fn directory(octets: &[u8], most: usize) -> Option<Directory> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(octets).unwrap();
    super::directory(&ReadFile::of(file).unwrap(), most)
}

fn is_consistent(octets: &[u8]) -> bool {
    directory(octets, 10).is_some()
}

/// An archive of stored entries, each with a name, an extra field and its data.
fn stored(entries: &[(&str, &[u8], &[u8])]) -> Vec<u8> {
    let (mut octets, mut central) = (Vec::new(), Vec::new());
    let short = |length: usize| u16::try_from(length).unwrap().to_le_bytes();
    let long = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
    for (name, extra, data) in entries {
        let mut same = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x5A].to_vec();
        same.extend_from_slice(&[0; 4]);
        same.extend([long(data.len()), long(data.len())].concat());
        same.extend([short(name.len()), short(extra.len())].concat());
        let at = octets.len();
        let behind = [name.as_bytes(), extra].concat();
        octets.extend([b"PK\x03\x04", same.as_slice(), &behind, data].concat());
        let place = [[0; 6].as_slice(), &[0; 4], &long(at)].concat();
        central.extend([b"PK\x01\x02\x14\0", same.as_slice(), &place, &behind].concat());
    }
    let count = short(entries.len());
    let start = octets.len();
    octets.extend_from_slice(&central);
    octets.extend([b"PK\x05\x06\0\0\0\0", count.as_slice(), &count].concat());
    octets.extend([long(central.len()), long(start)].concat());
    octets.extend_from_slice(&[0, 0]);
    octets
}

/// A Unicode Path field.
fn path_field(name: &str) -> Vec<u8> {
    let length = u16::try_from(name.len() + 5).unwrap().to_le_bytes();
    [b"up", length.as_slice(), &[1, 0, 0, 0, 0], name.as_bytes()].concat()
}

#[test]
fn fe7_1_an_entry_whose_unicode_path_is_another_name_is_inconsistent() {
    let (same, other) = (path_field("học bạ.pdf"), path_field("d/"));
    assert!(is_consistent(&stored(&[("a.pdf", b"", b"x")])));
    assert!(is_consistent(&stored(&[("học bạ.pdf", &same, b"x")])));
    for extra in [
        &other,
        &same,
        &path_field("a.PDF"),
        &[same.as_slice(), &other].concat(),
    ] {
        assert!(!is_consistent(&stored(&[("a.pdf", extra, b"x")])));
    }
    // The field of one header alone, cut off, or empty.
    let whole = stored(&[("học bạ.pdf", &same, b"x")]);
    let central = place(&whole, b"PK\x01\x02", 0);
    for from in [0, central] {
        let mut changed = whole.clone();
        let at = place(&whole, b"up", from);
        changed[at + 9] = b'H';
        assert!(!is_consistent(&changed), "{from}");
        changed = whole.clone();
        changed[at + 2] = 0xFF;
        assert!(!is_consistent(&changed), "{from}");
    }
    assert!(!is_consistent(&stored(&[("a.pdf", b"up\0\0", b"x")])));
}

#[test]
fn fe7_1_a_folder_that_holds_data_is_inconsistent() {
    assert!(is_consistent(&stored(&[("a.pdf/", b"", b"")])));
    assert!(!is_consistent(&stored(&[("a.pdf/", b"", b"%PDF-")])));
}

/// Where octets stand for the first time from a place on.
fn place(octets: &[u8], wanted: &[u8], from: usize) -> usize {
    memchr::memmem::find(&octets[from..], wanted).unwrap() + from
}

#[test]
fn what_writers_write_is_consistent() {
    let found = directory(&plain(), 4).unwrap();
    let start = place(&plain(), b"PK\x01\x02", 0);
    assert_eq!(found.entries, 4);
    assert_eq!(found.start, u64::try_from(start).unwrap());
    assert!(memchr::memmem::find(&streamed(), b"PK\x07\x08").is_some());
    assert!(is_consistent(&streamed()));
    assert_eq!(directory(&plain(), 3), None);
    let empty = ZipWriter::new(Cursor::new(Vec::new())).finish().unwrap();
    assert!(is_consistent(empty.get_ref()));
}

#[test]
fn headers_that_lie_are_inconsistent() {
    let whole = plain();
    let central = place(&whole, b"PK\x01\x02", 0);
    let end = place(&whole, b"PK\x05\x06", central);
    let local_name = place(&whole, b"aaaa", 0);
    let central_name = place(&whole, b"aaaa", central);
    let local = local_name - 33;
    let mut lies = Vec::new();
    let mut lie = |what: &'static str, changes: &[(usize, &[u8])]| {
        let mut octets = whole.clone();
        for (at, change) in changes {
            octets[*at..*at + change.len()].copy_from_slice(change);
        }
        lies.push((what, octets));
    };
    lie("another name inside", &[(local_name, b"bbbb")]);
    lie("no data inside", &[(local + 18, &[0; 8])]);
    lie("another checksum inside", &[(local + 14, &[1; 4])]);
    lie("another method inside", &[(local + 8, &[99])]);
    lie("sizes after the data inside", &[(local + 6, &[8])]);
    let zero: &[u8] = b"a\0aa";
    lie(
        "a NUL in names",
        &[(local_name, zero), (central_name, zero)],
    );
    lie("fewer entries than are there", &[(end + 8, &[3, 0, 3])]);
    lie("more entries than are there", &[(end + 8, &[5, 0, 5])]);
    lie("another disk", &[(end + 4, &[1])]);
    lie("a shorter directory", &[(end + 12, &[9])]);
    let before = [b"MZ", whole.as_slice()].concat();
    lies.push(("octets before", before));
    lies.push(("octets after", [whole.as_slice(), b"x"].concat()));
    // An entry that the directory does not name, with all places moved behind it.
    let (other, entry) = (streamed(), place(&streamed(), b"PK\x01\x02", 0));
    lies.push(("hidden", [&other[..entry], &whole[..]].concat()));
    // Entries on the same data.
    let next = place(&whole, b"PK\x01\x02", central + 4);
    let mut doubled = whole[..next].to_vec();
    doubled.extend_from_slice(&whole[central..]);
    let length = u32::try_from(end - central + next - central).unwrap();
    let moved = end + next - central;
    doubled[moved + 8..moved + 12].copy_from_slice(&[5, 0, 5, 0]);
    doubled[moved + 12..moved + 16].copy_from_slice(&length.to_le_bytes());
    lies.push(("two on the same data", doubled));
    for (what, octets) in lies {
        assert!(!is_consistent(&octets), "{what}");
    }
    let mut descriptor = streamed();
    let at = place(&descriptor, b"PK\x07\x08", 0);
    descriptor[at + 5] ^= 1;
    assert!(!is_consistent(&descriptor));
}

#[test]
fn octets_of_any_kind_end_without_harm() {
    for whole in [plain(), streamed()] {
        for at in 0..whole.len() {
            assert!(!is_consistent(&whole[..at]), "{at}");
            for change in [0, 1, 0x7F, 0xFF] {
                let mut changed = whole.clone();
                changed[at] = change;
                let _ = directory(&changed, usize::MAX);
            }
        }
    }
}
