//! `verify` on folders as archives have them: years inside years, Vietnamese names, links.

use std::path::Path;

use trien_testkit::pki::Role;

use crate::contract::violations;
use crate::programs::{Desk, NOW, Ran, anchors, arguments, page, run};

fn verify(path: &Path) -> Ran {
    run(
        "verify",
        arguments![
            "--format",
            "json",
            "--at",
            NOW,
            "--anchors",
            anchors(),
            path
        ],
    )
}

fn file_names(ran: &Ran) -> Vec<String> {
    ran.reports()
        .iter()
        .map(|report| {
            assert_eq!(violations(report), Vec::<String>::new());
            let path = Path::new(report["file"].as_str().unwrap());
            path.file_name().unwrap().to_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn folders_are_walked_in_the_order_of_names_and_other_files_left_out() {
    let desk = Desk::new();
    let archive = desk.path("archive");
    for folder in ["2025/6A", "2026/6A", "2026/6B"] {
        std::fs::create_dir_all(archive.join(folder)).unwrap();
    }
    for name in ["2026/6B/a.pdf", "2026/6A/b.PDF", "2025/6A/c.Pdf", "d.pdf"] {
        std::fs::write(archive.join(name), page()).unwrap();
    }
    for name in ["2026/notes.txt", "2026/6A/pdf", "2026/6A/scan.pdf.bak"] {
        std::fs::write(archive.join(name), b"no PDF").unwrap();
    }
    let ran = verify(&archive);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(file_names(&ran), ["c.Pdf", "b.PDF", "a.pdf", "d.pdf"]);
    // What is named is verified, whatever its name is.
    let named = verify(&archive.join("2026/notes.txt"));
    assert_eq!(named.status, 2);
    assert_eq!(file_names(&named), ["notes.txt"]);
}

#[test]
fn an_empty_folder_is_nothing_to_vouch_for() {
    let desk = Desk::new();
    let empty = desk.path("empty");
    std::fs::create_dir(&empty).unwrap();
    verify(&empty).assert_one_line("verify", 2);
}

/// The same name composed and with combining marks: two files, both found, both named as they are.
#[test]
fn vietnamese_names_come_back_as_they_are() {
    let desk = Desk::new();
    let archive = desk.path("Học bạ năm học 2025 – 2026");
    std::fs::create_dir(&archive).unwrap();
    let composed = "Học bạ Nguyễn Thị Hường.pdf";
    let combining =
        "Ho\u{323}c ba\u{323} Nguye\u{302}\u{303}n Thi\u{323} Hu\u{31b}o\u{31b}\u{300}ng.pdf";
    for name in [composed, combining] {
        std::fs::write(archive.join(name), page()).unwrap();
    }
    let ran = verify(&archive);
    let mut found = file_names(&ran);
    found.sort();
    let mut expected = [composed, combining].map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(found, expected);
    let signed = archive.join("đã ký.pdf");
    let key = desk.path("ConDau.pem");
    let input = archive.join(combining);
    let options = arguments![
        "--soft-key",
        &key,
        "--field",
        "Con dấu",
        "--at",
        NOW,
        &input,
        &signed
    ];
    run("sign", options).assert_signed();
    let report = verify(&signed).reports().remove(0);
    assert_eq!(report["file"], signed.to_str().unwrap());
    assert_eq!(report["signatures"][0]["field"], "Con dấu");
}

#[cfg(unix)]
#[test]
fn loops_of_links_and_pipes_end() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let archive = desk.path("archive");
    std::fs::create_dir_all(archive.join("inside")).unwrap();
    std::fs::write(archive.join("inside/a.pdf"), page()).unwrap();
    symlink(&archive, archive.join("inside/loop")).unwrap();
    symlink("self.pdf", archive.join("self.pdf")).unwrap();
    symlink("gone", archive.join("dangling.pdf")).unwrap();
    let pipe = archive.join("pipe.pdf");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()));
    let ran = verify(&archive);
    assert_eq!(file_names(&ran), ["a.pdf"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    // Named outright they are what they are: a link to a folder is a folder.
    assert_eq!(file_names(&verify(&archive.join("inside/loop"))), ["a.pdf"]);
    for name in ["self.pdf", "dangling.pdf", "pipe.pdf"] {
        let ran = verify(&archive.join(name));
        assert_eq!(ran.status, 2, "{name}: {ran:?}");
        assert_eq!(file_names(&ran), [name]);
    }
}

/// Folders that cannot be listed are as good as missing records: nothing is vouched for.
#[cfg(unix)]
#[test]
fn a_pattern_ends_in_loops_of_links_and_tells_the_folders_it_cannot_look_into() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let archive = desk.path("archive");
    std::fs::create_dir_all(archive.join("6A")).unwrap();
    for name in ["6A/y.pdf", "6A/z.PDF"] {
        std::fs::write(archive.join(name), page()).unwrap();
    }
    for link in ["l1", "6A/l2"] {
        symlink(&archive, archive.join(link)).unwrap();
    }
    let ran = verify(&archive.join("**/*.pdf"));
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(file_names(&ran), ["y.pdf", "z.PDF"]);
    // A file is no folder, even for those whom no rights hold back.
    let ran = verify(&archive.join("6A/y.pdf/*.pdf"));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.printed.contains("không xem được thư mục"), "{ran:?}");
    std::fs::create_dir_all(archive.join(["d"; 70].join("/"))).unwrap();
    let ran = verify(&archive.join("**/*.pdf"));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.printed.contains("lồng nhau"), "{ran:?}");
    assert_eq!(ran.reports().len(), 3);
}

/// Neither Linux nor the archive promises names in UTF-8.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_no_failure() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let name = std::ffi::OsStr::from_bytes(b"h\xE7c b\xE1.pdf");
    let path = desk.path("0.pdf").with_file_name(name);
    std::fs::write(&path, page()).unwrap();
    let ran = verify(&path);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.reports()[0]["document"]["conclusion"], "unsigned");
}

#[test]
fn one_bad_file_hides_no_other() {
    let desk = Desk::new();
    let archive = desk.path("archive");
    std::fs::create_dir(&archive).unwrap();
    desk.sign("sign", Role::Principal, "0.pdf", "archive/b.pdf")
        .assert_signed();
    std::fs::write(archive.join("a.pdf"), b"garbage").unwrap();
    std::fs::write(archive.join("c.pdf"), b"").unwrap();
    let ran = verify(&archive);
    assert_eq!(ran.status, 2);
    let conclusions: Vec<String> = ran
        .reports()
        .iter()
        .map(|report| {
            report["document"]["conclusion"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(conclusions, ["unreadable", "indeterminate", "unreadable"]);
}
