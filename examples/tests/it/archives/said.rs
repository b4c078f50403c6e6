//! What `verify` says in words of an archive: in Vietnamese, and what to do.

use super::School;
use crate::programs::{NOW, anchors, arguments, page, run};

#[test]
fn every_word_about_what_is_not_read_is_vietnamese() {
    let school = School::new();
    let folder = school.desk.path("archive/Trường B");
    for (name, octets) in [
        ("không phải.pdf", b"hello".as_slice()),
        ("cắt.pdf", &page()[..200]),
        ("zip.zip", b"PK"),
    ] {
        std::fs::write(folder.join(name), octets).unwrap();
    }
    for format in ["json", "text", "csv"] {
        let ran = run(
            "verify",
            arguments![
                "--format",
                format,
                "--at",
                NOW,
                "--anchors",
                anchors(),
                &school.archive(),
                &school.desk.path("không có")
            ],
        );
        for words in [
            "tệp rỗng (0 byte)",
            "không phải tệp PDF",
            "tệp bị cắt",
            "tệp zip bị hỏng",
            "không có tệp hoặc thư mục này (mã lỗi 2)",
        ] {
            assert!(
                ran.printed.contains(words),
                "{format} {words}: {}",
                ran.printed
            );
        }
        for english in [
            "the file is",
            "cannot be",
            "No such file",
            "invalid Zip",
            "octet ",
        ] {
            assert!(
                !ran.printed.contains(english),
                "{format} {english}: {}",
                ran.printed
            );
        }
    }
    let broken = school.verify(&["--format", "json"]);
    let reason = broken.reports().into_iter().find_map(|report| {
        let reason = report["signatures"].get(0)?["integrity_reason"].as_str();
        reason.map(str::to_owned)
    });
    let reason = reason.unwrap();
    assert!(
        reason.starts_with("nội dung đã ký bị thay đổi ("),
        "{reason}"
    );
}

#[test]
fn no_anchors_and_a_wrong_clock_are_said_in_plain_words() {
    let school = School::new();
    let ran = run(
        "verify",
        arguments!["--at", NOW, &school.desk.path("signed.pdf")],
    );
    assert!(
        ran.complained.contains("chưa cài chứng thư số gốc"),
        "{ran:?}"
    );
    // With `--at` nobody asks the clock.
    assert!(!ran.complained.contains("đồng hồ"), "{ran:?}");
}

#[test]
fn what_was_asked_for_and_cannot_be_had_is_refused_in_vietnamese() {
    let school = School::new();
    let archive = school.archive();
    let none = school.desk.path("không có");
    let ran = run("verify", arguments!["--anchors", &none, &archive]);
    assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
    ran.assert_one_line("verify", 2);
    assert!(ran.complained.contains("chưa kiểm tra tệp nào"), "{ran:?}");
    let output = school.desk.path("o.txt");
    let ran = school.verify(&["--output", output.to_str().unwrap()]);
    assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
    assert!(ran.complained.contains("--output chỉ đi với"), "{ran:?}");
    assert!(!output.exists());
    let ran = school.verify(&["--mapping", none.to_str().unwrap()]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(!ran.complained.contains("No such file"), "{ran:?}");
    assert!(ran.complained.contains("không đọc được"), "{ran:?}");
}
