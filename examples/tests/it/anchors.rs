//! Roots are added to a folder only with their fingerprint.

use std::path::{Path, PathBuf};

use crate::programs::{Desk, Ran, anchors, arguments, run};

/// The test PKI's roots, one a file, and the SHA-256 that the program shows of the first.
fn root(desk: &Desk) -> (PathBuf, String) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(anchors())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let file = files.remove(0);
    let to = desk.path("none");
    let shown = run("anchors", arguments!["add", &file, "--to", &to]);
    assert_eq!(shown.status, 1, "{}", shown.complained);
    assert!(shown.complained.contains("TỪ CHỐI"), "{}", shown.complained);
    assert!(!to.exists());
    let line = shown
        .printed
        .lines()
        .find_map(|line| line.trim().strip_prefix("SHA-256:"))
        .unwrap();
    (file, line.trim().to_owned())
}

fn list(folder: &Path) -> Ran {
    run("anchors", arguments!["list", folder])
}

#[test]
fn a_root_is_added_with_its_fingerprint_and_listed_with_its_bounds() {
    let desk = Desk::new();
    let (file, fingerprint) = root(&desk);
    let to = desk.path("trusted");
    let more = [
        "--purpose",
        "time-stamping",
        "--until",
        "2030-12-31T23:59:59+07:00",
    ];
    let added = run(
        "anchors",
        arguments![
            "add",
            &file,
            "--to",
            &to,
            "--fingerprint",
            &fingerprint,
            more[0],
            more[1],
            more[2],
            more[3]
        ],
    );
    assert_eq!(added.status, 0, "{}", added.complained);
    assert!(added.printed.contains("Không có trong danh mục"));
    let listed = list(&to);
    assert_eq!(listed.status, 0, "{}", listed.complained);
    for words in [&fingerprint, "time stamping", "2030-12-31T23:59:59+07:00"] {
        assert!(
            listed.printed.contains(words),
            "{words}: {}",
            listed.printed
        );
    }
    let again = run(
        "anchors",
        arguments!["add", &file, "--to", &to, "--fingerprint", &fingerprint],
    );
    assert_eq!(again.status, 1, "what is there is not replaced");
}

#[test]
fn another_fingerprint_is_refused_even_when_the_user_says_to_have_compared() {
    let desk = Desk::new();
    let (file, fingerprint) = root(&desk);
    let to = desk.path("trusted");
    let mut other = fingerprint.clone();
    other.replace_range(0..1, if other.starts_with('0') { "1" } else { "0" });
    let refused = run(
        "anchors",
        arguments![
            "add",
            &file,
            "--to",
            &to,
            "--yes-i-compared",
            "--fingerprint",
            &other
        ],
    );
    assert_eq!(refused.status, 1);
    assert!(!to.exists());
    let short = run(
        "anchors",
        arguments!["add", &file, "--to", &to, "--fingerprint", "abcd"],
    );
    assert_eq!(short.status, 2);
    let compared = run(
        "anchors",
        arguments!["add", &file, "--to", &to, "--yes-i-compared"],
    );
    assert_eq!(compared.status, 0, "{}", compared.complained);
}

#[test]
fn what_is_no_certificate_is_said() {
    let desk = Desk::new();
    let file = desk.put("note.txt", b"no certificate");
    let to = desk.path("trusted");
    let ran = run("anchors", arguments!["add", &file, "--to", &to]);
    assert_eq!(ran.status, 2);
    assert!(ran.complained.contains("note.txt"));
    assert_eq!(list(&to).status, 2, "no such folder");
}
