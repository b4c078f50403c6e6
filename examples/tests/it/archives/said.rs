//! What `verify` says in words of an archive: in Vietnamese, and what to do.

use trien_testkit::pki::Role;

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
    // What never ends is told by its size.
    #[cfg(unix)]
    for option in ["--mapping", "--profile-overrides", "--workflow"] {
        let ran = school.verify(&[option, "/dev/zero"]);
        assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
        ran.assert_one_line("verify", 2);
        assert!(ran.complained.contains("tệp lớn hơn 16 MB"), "{ran:?}");
    }
    let wrong = school
        .desk
        .put("sai.toml", b"level = \"thcs\"\nlevle = 1\n");
    for (option, words) in [
        (
            "--mapping",
            "dòng 2: không có mục levle: hãy dùng một trong",
        ),
        ("--workflow", "dòng 1: không có mục level"),
        ("--profile-overrides", "dòng 1: không có mục level"),
    ] {
        let ran = school.verify(&[option, wrong.to_str().unwrap()]);
        ran.assert_one_line("verify", 2);
        assert!(ran.complained.contains(words), "{ran:?}");
        for english in ["unknown", "expected", " / "] {
            assert!(!ran.complained.contains(english), "{ran:?}");
        }
    }
    let ran = school.verify(&["--mapping", none.to_str().unwrap()]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(!ran.complained.contains("No such file"), "{ran:?}");
    assert!(ran.complained.contains("không mở được tệp"), "{ran:?}");
}

/// Runs `verify` on a terminal; `None` where there is no program that makes one.
#[cfg(target_os = "linux")]
fn on_a_terminal(school: &School, (name, value): (&str, &str)) -> Option<String> {
    let verify = crate::programs::program("verify");
    let command = format!(
        "'{}' --at {NOW} --anchors '{}' '{}'",
        verify.get_program().to_str()?,
        anchors().display(),
        school.archive().display()
    );
    let ran = std::process::Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env(name, value)
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&ran.stdout).into_owned())
}

/// The escape sequences that choose a colour (ECMA-48, SGR).
#[cfg(target_os = "linux")]
#[test]
fn colours_are_for_terminals_whose_reader_wants_them() {
    let school = School::new();
    let is_coloured = |said: &str| {
        said.split('\u{1b}').skip(1).any(|sequence| {
            let end = sequence.find(|letter: char| letter.is_ascii_alphabetic());
            end.is_some_and(|end| sequence[end..].starts_with('m') && end > 1)
        })
    };
    let Some(said) = on_a_terminal(&school, ("NO_COLOR", "")) else {
        println!("SKIPPED: colours on a terminal: script (util-linux) is not installed");
        return;
    };
    assert!(is_coloured(&said), "{said}");
    for none in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let said = on_a_terminal(&school, none).unwrap();
        assert!(said.contains("02.pdf") && !is_coloured(&said), "{said}");
    }
    assert!(!school.verify(&[]).printed.contains('\u{1b}'));
}

/// An inspector who reads the text, the spreadsheet, the page and the signed report of one archive
/// reads one word for one verdict.
#[test]
fn a_verdict_has_the_same_word_in_every_form_of_the_result() {
    let school = School::new();
    std::fs::create_dir(school.archive().join("Trường B/Công văn đến")).unwrap();
    school
        .desk
        .put("archive/Trường B/Công văn đến/1.pdf", &page());
    for language in ["vi", "en"] {
        let of = |format: &str| school.verify(&["--lang", language, "--format", format]);
        let (text, rows) = (of("text").printed, of("csv").printed);
        let said = school.verify(&[
            "--lang",
            language,
            "--format",
            "html",
            "--thumbnails",
            "none",
        ]);
        let mut words = std::collections::BTreeSet::new();
        for row in rows.lines().skip(1) {
            let mut cells = row.split(',');
            let (file, word) = (cells.next().unwrap(), cells.next().unwrap());
            let line = format!("{file}: {}", word.to_uppercase());
            assert!(text.lines().any(|one| one == line), "{line}: {text}");
            assert!(said.printed.contains(&format!("\"{word}\"")), "{word}");
            words.insert(word.to_owned());
        }
        assert_eq!(words.len(), 5, "{words:?}");
        sealed(&school, language, &words);
    }
}

/// The PDF's table of numbers has the words, with a capital.
fn sealed(school: &School, language: &str, words: &std::collections::BTreeSet<String>) {
    let report = school.desk.path(&format!("report-{language}.pdf"));
    let key = school
        .desk
        .path(&format!("{}.pem", Role::Principal.label()));
    let options = arguments![
        "--lang",
        language,
        "--seal-report",
        &report,
        "--soft-key",
        &key
    ];
    let options: Vec<&str> = options.iter().map(|one| one.to_str().unwrap()).collect();
    let ran = school.verify(&options);
    let text = std::process::Command::new("pdftotext")
        .arg("-layout")
        .arg(&report)
        .arg("-")
        .output();
    let (true, Ok(text)) = (report.is_file(), text) else {
        println!("SKIPPED: words of the PDF report: {}", ran.complained);
        return;
    };
    let text = String::from_utf8(text.stdout).unwrap();
    for word in words {
        let mut letters = word.chars();
        let first = letters.next().unwrap().to_uppercase();
        let begun = format!("{first}{}", letters.as_str());
        assert!(text.contains(&begun), "{begun}: {text}");
    }
}
