//! What `verify` takes of memory, and says of it.

use std::io::Write;

use super::School;
use crate::programs::{Desk, NOW, arguments, run};

#[test]
fn a_run_s_own_memory_is_told_apart_from_mapped_pages() {
    let school = School::new();
    let ran = school.verify(&["--format", "json", "--stats"]);
    let line = ran.complained.lines().find(|line| line.contains("bộ nhớ"));
    let numbers: Vec<u64> = line
        .unwrap()
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let [own, mapped, peak] = numbers[..] else {
        panic!("{ran:?}");
    };
    assert!(own > 0 && mapped > 0 && own + mapped <= peak + 2, "{ran:?}");
    assert!(!school.verify(&[]).complained.contains("bộ nhớ"));
}

/// A document whose page has these contents, so many times.
fn drawn(contents: &[u8], times: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(contents).unwrap();
    let encoded = encoder.finish().unwrap();
    let head = "<</Filter/FlateDecode/Length";
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |octets: &[u8]| {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n", offsets.len()).as_bytes());
        file.extend_from_slice(octets);
        file.extend_from_slice(b"\nendobj\n");
    };
    object(b"<</Type/Catalog/Pages 2 0 R>>");
    object(b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents";
    object(format!("{page}[{}]>>", "4 0 R ".repeat(times)).as_bytes());
    let mut stream = format!("{head} {}>>stream\n", encoded.len()).into_bytes();
    stream.extend_from_slice(&encoded);
    stream.extend_from_slice(b"\nendstream");
    object(&stream);
    let at = file.len();
    let mut table = "xref\n0 5\n0000000000 65535 f \n".to_owned();
    for offset in offsets {
        table.push_str(&format!("{offset:010} 00000 n \n"));
    }
    table.push_str(&format!(
        "trailer<</Size 5/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n"
    ));
    file.extend_from_slice(table.as_bytes());
    file
}

#[test]
fn small_files_that_decode_to_much_take_little_memory_on_two_threads() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("bombs")).unwrap();
    // More than is read, as much as is read, and that in two parts.
    for (name, contents, times) in [
        ("over", vec![b' '; 300 << 20], 1),
        ("within", b"0 0 m 9 9 l f\n".repeat(1_700_000), 1),
        ("parts", b"0 0 m 9 9 l f\n".repeat(850_000), 2),
    ] {
        let file = drawn(&contents, times);
        assert!(file.len() < 4 << 20);
        for copy in 0..2 {
            let mut copied = file.clone();
            copied.push(b'0' + copy);
            desk.put(&format!("bombs/{name}-{copy}.pdf"), &copied);
        }
    }
    let summary = desk.path("summary.json");
    let bombs = desk.path("bombs");
    let ran = run(
        "verify",
        arguments![
            "--at",
            NOW,
            "--jobs",
            "2",
            "--stats",
            "--lang",
            "en",
            "--summary",
            &summary,
            &bombs
        ],
    );
    let (_, peak) = ran.complained.split_once("at most ").unwrap();
    let peak: u64 = peak.split_once(" MB").unwrap().0.parse().unwrap();
    assert!(peak <= 200, "{peak} MB: {ran:?}");
}
