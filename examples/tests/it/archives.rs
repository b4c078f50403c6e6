//! `verify` over archives: the same on any number of threads, after a kill, under a mapping, masked,
//! counted, and held against a manifest.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use trien_testkit::pki::Role;

use crate::contract::violations;
use crate::programs::{Desk, NOW, Ran, anchors, arguments, page, program, run};

/// A folder like a school's, with 24 signed records, an unsigned one, a broken one and one twice.
struct School {
    desk: Desk,
}

impl School {
    fn new() -> Self {
        let desk = Desk::new();
        for folder in [
            "Trường A/Học bạ/5A",
            "Trường A/Công văn đi",
            "Trường B/KHBD",
        ] {
            std::fs::create_dir_all(desk.path("archive").join(folder)).unwrap();
        }
        desk.sign_with(
            "sign",
            Role::Principal,
            "0.pdf",
            "signed.pdf",
            &[
                "--field",
                "HieuTruong",
                "--at",
                NOW,
                "--show",
                "1,60,60,150,60",
            ],
        )
        .assert_signed();
        let signed = std::fs::read(desk.path("signed.pdf")).unwrap();
        for number in 0..24 {
            desk.put(
                &format!("archive/Trường A/Học bạ/5A/{number:02}.pdf"),
                &signed,
            );
        }
        desk.put(
            "archive/Trường A/Công văn đi/001200000001 chưa ký.pdf",
            &page(),
        );
        desk.sign("countersign", Role::SchoolSeal, "signed.pdf", "sealed.pdf")
            .assert_signed();
        let sealed = std::fs::read(desk.path("sealed.pdf")).unwrap();
        desk.put("archive/Trường A/Công văn đi/02.pdf", &sealed);
        let mut broken = sealed.clone();
        let at = broken.len() / 3;
        broken[at] ^= 1;
        desk.put("archive/Trường B/KHBD/hỏng.pdf", &broken);
        desk.put("archive/Trường B/KHBD/rỗng.pdf", b"");
        Self { desk }
    }

    fn archive(&self) -> PathBuf {
        self.desk.path("archive")
    }

    fn verify(&self, options: &[&str]) -> Ran {
        verify(&self.archive(), options)
    }
}

fn verify(path: &Path, options: &[&str]) -> Ran {
    let mut list = arguments!["--at", NOW, "--anchors", anchors()].to_vec();
    list.extend(options.iter().map(std::ffi::OsStr::new));
    list.push(path.as_os_str());
    run("verify", &list)
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn any_number_of_threads_says_the_same_in_the_same_order() {
    let school = School::new();
    for format in ["json", "text"] {
        let one = school.verify(&["--format", format, "--jobs", "1"]);
        let many = school.verify(&["--format", format, "--jobs", "5"]);
        assert!(!one.printed.is_empty());
        assert_eq!(one.printed, many.printed);
        assert_eq!((one.status, many.status), (2, 2));
        if format == "json" {
            for report in one.reports() {
                assert!(report["archive"].is_object(), "{report}");
                assert_eq!(violations(&report), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn a_run_that_was_killed_goes_on_and_says_the_same_byte_for_byte() {
    let school = School::new();
    let journal = school.desk.path("journal");
    let summaries = [school.desk.path("1.json"), school.desk.path("2.json")];
    let whole = school.verify(&[
        "--format",
        "json",
        "--summary",
        summaries[0].to_str().unwrap(),
    ]);
    let options = [
        "--format",
        "json",
        "--summary",
        summaries[1].to_str().unwrap(),
        "--resume",
        journal.to_str().unwrap(),
    ];
    // A pipe that nobody reads stops the program in the middle; then it is killed outright.
    let mut child = program("verify")
        .args(["--at", NOW, "--jobs", "2", "--anchors"])
        .arg(anchors())
        .args(options)
        .arg(school.archive())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..2_000 {
        let lines = std::fs::read(&journal).map_or(0, |octets| {
            octets.iter().filter(|octet| **octet == b'\n').count()
        });
        if lines > 5 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // A line that the kill cut off.
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&journal)
        .unwrap();
    file.write_all(br#"{"told":null,"conclusion":"valid","rec"#)
        .unwrap();
    drop(file);
    let kept = std::fs::read_to_string(&journal).unwrap().lines().count();
    assert!(kept > 5, "{kept}");
    let resumed = school.verify(&options);
    assert_eq!(resumed.printed, whole.printed);
    assert_eq!(
        std::fs::read(&summaries[0]).unwrap(),
        std::fs::read(&summaries[1]).unwrap()
    );
    // Once more: everything is told from the journal, which does not grow.
    let length = std::fs::metadata(&journal).unwrap().len();
    let again = school.verify(&options);
    assert_eq!(again.printed, whole.printed);
    // What was not judged now is told aside, never in the result.
    let taken = "28 kết quả lấy từ nhật ký của lần chạy trước";
    assert!(again.complained.contains(taken), "{}", again.complained);
    assert_eq!(std::fs::metadata(&journal).unwrap().len(), length);
    // A changed file is judged anew, and other settings are another journal's.
    let name = "archive/Trường A/Học bạ/5A/00.pdf";
    school.desk.put(name, &page());
    let changed = school.verify(&options);
    assert!(changed.reports().iter().any(|report| {
        report["file"].as_str().unwrap().ends_with("00.pdf")
            && report["document"]["conclusion"] == "unsigned"
    }));
    let other = school.verify(&[
        "--format",
        "json",
        "--profile",
        "tt15_2025",
        "--resume",
        journal.to_str().unwrap(),
    ]);
    assert_eq!(other.status, 2);
    assert!(other.complained.contains("nhật ký"), "{other:?}");
}

#[test]
fn a_journal_that_came_with_the_disc_is_not_believed() {
    let school = School::new();
    let journal = school.desk.path("journal");
    let options = ["--format", "json", "--resume", journal.to_str().unwrap()];
    let whole = school.verify(&options);
    // Another user's, or another computer's: the same program with another key.
    let state = school.desk.path("state");
    let ran = program("verify")
        .env("XDG_STATE_HOME", &state)
        .args(["--at", NOW, "--anchors"])
        .arg(anchors())
        .args(options)
        .arg(school.archive())
        .output()
        .unwrap();
    let ran = Ran::from(ran);
    assert_eq!(ran.printed, whole.printed);
    assert!(
        ran.complained.contains("không được tin"),
        "{}",
        ran.complained
    );
    assert!(
        !ran.complained.contains("lấy từ nhật ký"),
        "{}",
        ran.complained
    );
    assert!(school.desk.path("journal.set-aside-1").is_file());
    assert!(state.join("trien/journal.key").is_file());
    // A line that somebody changed is judged again, and said.
    let text = std::fs::read_to_string(&journal).unwrap();
    let forged = text.replacen("INDETERMINATE", "TOTAL-PASSED!", 1);
    assert_ne!(forged, text);
    std::fs::write(&journal, forged).unwrap();
    let ran = school.verify(&options);
    assert_eq!(ran.printed, whole.printed);
}

#[test]
fn days_are_written_as_in_vietnam_and_other_forms_are_refused() {
    let school = School::new();
    let path = school.desk.path("summary.json");
    let period = |from: &str, to: &str| {
        school.verify(&[
            "--from",
            from,
            "--to",
            to,
            "--summary",
            path.to_str().unwrap(),
        ])
    };
    period("1/9/2025", "31/12/2026");
    let summary = read(&path);
    assert_eq!(summary["from"], "2025-09-01T00:00:00+07:00");
    assert_eq!(summary["to"], "2026-12-31T23:59:59+07:00");
    for (from, to) in [("12/31/2025", "31/12/2026"), ("01/09/2025", "31.12.2026")] {
        let ran = period(from, to);
        assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
        ran.assert_one_line("verify", 2);
        assert!(ran.complained.contains("31/12/2026"), "{ran:?}");
        assert!(ran.complained.contains("không phải là ngày"), "{ran:?}");
    }
}

#[test]
fn the_five_questions_are_answered_with_the_files_behind_them() {
    let school = School::new();
    let mapping = school.desk.put(
        "mapping.toml",
        "school = \"first-folder\"\nstaff = \"staff.csv\"\n\
         [[category]]\nid = \"hoc_ba\"\ntitle = \"Học bạ\"\nfolders = [\"hoc ba\"]\n\
         deadline = \"2020-05-31\"\n\
         [[category]]\nid = \"cong_van\"\ntitle = \"Công văn\"\nfolders = [\"cong van\"]\n\
         workflow = \"cong-van-di\"\nscans = \"refused\"\n"
            .as_bytes(),
    );
    school.desk.put(
        "staff.csv",
        "ho_ten;serial\nNgười Không Ký;\nAi Đó;00ff\n".as_bytes(),
    );
    let summary = school.desk.path("summary.json");
    let ran = school.verify(&[
        "--format",
        "json",
        "--mapping",
        mapping.to_str().unwrap(),
        "--summary",
        summary.to_str().unwrap(),
    ]);
    assert_eq!(ran.status, 2);
    let summary = read(&summary);
    let counts = &summary["counts"];
    assert_eq!(counts["files"], 28);
    assert_eq!(counts["unsigned"], 1);
    assert_eq!(counts["unreadable"], 1);
    assert_eq!(counts["invalid"], 1);
    assert_eq!(counts["late"], 24);
    assert_eq!(counts["duplicates"], 23);
    assert_eq!(
        summary["duplicates"][0]["files"].as_array().unwrap().len(),
        24
    );
    let schools = summary["schools"].as_array().unwrap();
    let names: Vec<&str> = schools
        .iter()
        .map(|one| one["school"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Trường A", "Trường B"]);
    let own = &schools[0];
    assert_eq!(own["staff"]["listed"], 2);
    assert_eq!(own["staff"]["with_certificate"], 1);
    assert_eq!(own["staff"]["used"], 0);
    let principal = &own["staff"]["people"][0];
    assert_eq!(principal["signatures"], 25);
    assert_eq!(principal["listed"], false);
    let categories = own["categories"].as_array().unwrap();
    let of = |id: &str| categories.iter().find(|one| one["id"] == id).unwrap();
    assert_eq!(of("hoc_ba")["signed"], 24);
    assert_eq!(of("cong_van")["share"], 0.5);
    let unsigned = of("cong_van")["files_unsigned"][0].as_str().unwrap();
    assert!(unsigned.ends_with("chưa ký.pdf"));
    assert_eq!(own["procedure"][0]["workflow"], "cong-van-di");
    assert_eq!(own["procedure"][0]["files"], 2);
    // The letter was signed without a role, and so not by anybody with the authority.
    assert_eq!(own["procedure"][0]["incomplete"], 2);
    assert_eq!(own["procedure"][0]["wrong_authority"], 1);
    assert_eq!(own["online"]["due"], 26);
    assert_eq!(own["norm"]["sealed"], 1);
    assert_eq!(own["norm"]["seal_certificate_organisation"], 1);
    assert_eq!(own["norm"]["visible_seal"], 0);
    let placed = &ran.reports()[2]["signatures"][0]["placed"];
    assert_eq!(placed["page"], 1);
    assert_eq!(
        placed["rectangle"],
        serde_json::json!([60.0, 60.0, 210.0, 120.0])
    );
}

#[test]
fn a_period_counts_its_own_records_and_one_that_runs_backward_is_refused() {
    let school = School::new();
    let path = school.desk.path("summary.json");
    let ran = school.verify(&["--from", "2026-06-02", "--to", "2026-06-01"]);
    assert_eq!(ran.status, 2);
    assert!(ran.complained.contains("--from muộn hơn --to"), "{ran:?}");
    assert!(ran.printed.is_empty(), "{ran:?}");
    let options = ["--to", "2001-12-31", "--summary", path.to_str().unwrap()];
    let ran = school.verify(&options);
    let summary = read(&path);
    // What is signed lies behind the period; what nobody signed has no day to be due on.
    assert_eq!(summary["counts"]["outside_period"], 25);
    // Nothing but what they claim says so, and what is broken claims nothing that counts.
    assert_eq!(summary["counts"]["outside_by_claim"], 25);
    let claimed = summary["outside_by_claim"]["files"].as_array().unwrap();
    assert_eq!(claimed.len(), 25);
    assert!(ran.complained.contains("thời điểm tự khai"), "{ran:?}");
    assert_eq!(summary["counts"]["files"], 3);
    assert_eq!(summary["counts"]["invalid"], 1);
    let staff = &summary["schools"][0]["staff"];
    assert_eq!(staff["used"], 0);
}

#[test]
fn masked_verdicts_name_nobody() {
    let school = School::new();
    let plain = school.verify(&["--format", "json"]);
    let name = plain
        .reports()
        .iter()
        .find_map(|report| {
            let signer = report["signatures"].get(0)?.get("signer")?;
            signer["common_name"].as_str().map(str::to_owned)
        })
        .unwrap();
    let summary = school.desk.path("summary.json");
    for format in ["json", "text"] {
        let summary = summary.to_str().unwrap();
        let masked = school.verify(&["--format", format, "--mask", "--summary", summary]);
        assert!(!masked.printed.contains(&name), "{name}");
        assert!(!masked.printed.contains("001200000001"));
        assert!(masked.printed.contains("*********001"));
        assert_eq!(masked.status, plain.status);
    }
    assert!(!std::fs::read_to_string(&summary).unwrap().contains(&name));
}

#[test]
fn a_zip_archive_is_a_folder_and_a_bomb_stays_closed() {
    let school = School::new();
    let signed = std::fs::read(school.desk.path("signed.pdf")).unwrap();
    let path = school.desk.path("hồ sơ.zip");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let zeros = vec![0; 9 << 20];
    for (name, octets) in [
        ("b/Học bạ 1.pdf", &signed),
        ("../a.pdf", &signed),
        ("bomb.pdf", &zeros),
        ("inner.zip", &signed),
        ("readme.txt", &signed),
    ] {
        writer.start_file(name, options).unwrap();
        writer.write_all(octets).unwrap();
    }
    writer.finish().unwrap();
    let ran = verify(&path, &["--format", "json"]);
    let said: Vec<(String, String)> = ran
        .reports()
        .iter()
        .map(|report| {
            let file = report["file"].as_str().unwrap();
            let (_, inside) = file.split_once(".zip/").unwrap();
            let conclusion = report["document"]["conclusion"].as_str().unwrap();
            assert_eq!(report["archive"]["container"], path.to_str().unwrap());
            (inside.to_owned(), conclusion.to_owned())
        })
        .collect();
    let said: Vec<(&str, &str)> = said
        .iter()
        .map(|(file, conclusion)| (file.as_str(), conclusion.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("../a.pdf", "indeterminate"),
            ("b/Học bạ 1.pdf", "indeterminate"),
            ("bomb.pdf", "unreadable"),
            ("inner.zip", "unreadable"),
        ]
    );
    assert_eq!(ran.status, 2);
    let error = ran.reports()[2]["document"]["error"].to_string();
    assert!(error.contains("bom zip"), "{error}");
    // A zip archive that is cut off is one line and hides no other.
    let octets = std::fs::read(&path).unwrap();
    school
        .desk
        .put("archive/cut.zip", &octets[..octets.len() / 2]);
    let ran = school.verify(&["--format", "json"]);
    assert_eq!(ran.reports().len(), 29);
    assert!(ran.printed.contains("tệp zip bị hỏng"));
}

#[cfg(target_os = "linux")]
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
#[cfg(target_os = "linux")]
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

#[cfg(target_os = "linux")]
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
fn what_is_named_twice_is_judged_once_and_patterns_are_spelled_out() {
    let school = School::new();
    let archive = school.archive();
    let inside = archive.join("Trường A/Học bạ/5A/03.pdf");
    let ran = run(
        "verify",
        arguments!["--format", "json", "--at", NOW, &archive, &inside, &archive],
    );
    assert_eq!(ran.reports().len(), 28);
    let pattern = archive.join("**/0?.pdf");
    let ran = verify(&pattern, &["--format", "json"]);
    assert_eq!(ran.reports().len(), 11);
    let ran = verify(&archive.join("*.docx"), &["--format", "json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.printed.contains("không có tệp nào khớp"));
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
fn a_disc_is_held_against_its_signed_manifest() {
    let school = School::new();
    let archive = school.archive();
    let (plain, signed) = ("manifest.pdf", "archive/manifest-signed.pdf");
    let made = school.verify(&["--make-manifest", school.desk.path(plain).to_str().unwrap()]);
    assert!(made.complained.contains("bản kê 28 hồ sơ"), "{made:?}");
    let unsigned = school.verify(&["--manifest", school.desk.path(plain).to_str().unwrap()]);
    assert!(unsigned.printed.contains("bản kê chưa ký"), "{unsigned:?}");
    school
        .desk
        .sign("sign", Role::SchoolSeal, plain, signed)
        .assert_signed();
    let given = school.desk.path(signed);
    let check = || {
        let ran = school.verify(&["--format", "json", "--manifest", given.to_str().unwrap()]);
        ran.reports().pop().unwrap()
    };
    let same = check();
    assert_eq!(same["schema"], "trien.manifest-check/1");
    for list in ["missing", "added", "changed"] {
        assert_eq!(same[list].as_array().unwrap().len(), 0, "{same}");
    }
    assert_eq!(same["manifest"], "indeterminate");
    std::fs::remove_file(archive.join("Trường A/Học bạ/5A/05.pdf")).unwrap();
    school.desk.put("archive/thêm.pdf", &page());
    school.desk.put("archive/Trường B/KHBD/rỗng.pdf", &page());
    let summary = school.desk.path("summary.json");
    school.verify(&[
        "--manifest",
        given.to_str().unwrap(),
        "--summary",
        summary.to_str().unwrap(),
    ]);
    let said = &read(&summary)["manifest"];
    for number in ["missing", "added", "changed"] {
        assert_eq!(said[number], 1, "{said}");
    }
    assert_eq!(said["files_added"], serde_json::json!(["thêm.pdf"]));
    let other = check();
    assert!(other["missing"][0].as_str().unwrap().ends_with("05.pdf"));
    assert_eq!(other["added"], serde_json::json!(["thêm.pdf"]));
    assert_eq!(
        other["changed"],
        serde_json::json!(["Trường B/KHBD/rỗng.pdf"])
    );
    // A list that was changed after it was signed is none.
    let mut octets = std::fs::read(&given).unwrap();
    let at = octets.windows(6).position(|six| six == b"05.pdf").unwrap();
    octets[at] = b'9';
    std::fs::write(&given, octets).unwrap();
    assert_eq!(check()["manifest"], "invalid");
}

#[cfg(unix)]
#[test]
fn no_output_replaces_an_input_a_link_or_a_device() {
    let school = School::new();
    let record = school.archive().join("Trường A/Học bạ/5A/03.pdf");
    let link = school.desk.path("link.json");
    std::os::unix::fs::symlink(&record, &link).unwrap();
    let inputs = |path: &Path| std::fs::read(path).unwrap();
    let kept = inputs(&record);
    let full = Path::new("/dev/full");
    for option in [
        "--summary",
        "--output",
        "--make-manifest",
        "--seal-report",
        "--resume",
    ] {
        for target in [&record, &link, full, &school.archive()] {
            let target = target.to_str().unwrap();
            let ran = school.verify(&["--format", "csv", option, target]);
            assert_eq!(ran.status, 2, "{option} {target}: {ran:?}");
            assert_eq!(ran.printed, "", "{option} {target}");
            assert!(ran.complained.contains(option), "{ran:?}");
            assert!(ran.complained.contains("hãy chọn tên khác"), "{ran:?}");
        }
    }
    // A record that is named, and one that a pattern leads to.
    let pattern = school.archive().join("**/0?.pdf");
    for paths in [&record, &pattern] {
        let ran = verify(paths, &["--summary", record.to_str().unwrap()]);
        assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
    }
    assert_eq!(inputs(&record), kept);
    assert!(link.is_symlink());
    assert!(!std::fs::symlink_metadata(full).unwrap().is_file());
    // One file cannot hold two results; what is there and no input is written anew.
    let result = school.desk.put("result.json", b"old");
    let name = result.to_str().unwrap();
    let both = school.verify(&["--format", "csv", "--output", name, "--summary", name]);
    assert_eq!(both.status, 2, "{both:?}");
    assert_eq!(inputs(&result), b"old");
    school.verify(&["--summary", name]);
    assert_eq!(read(&result)["counts"]["files"], 28);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_done_and_says_how_to_go_on() {
    let school = School::new();
    let signed = std::fs::read(school.desk.path("signed.pdf")).unwrap();
    for number in 0..300 {
        school
            .desk
            .put(&format!("archive/Trường B/{number:03}.pdf"), &signed);
    }
    let journal = school.desk.path("journal");
    let options = ["--format", "json", "--resume", journal.to_str().unwrap()];
    let child = program("verify")
        .args(["--at", NOW, "--jobs", "1", "--anchors"])
        .arg(anchors())
        .args(options)
        .arg(school.archive())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody reads the pipe yet, so that the run stands still in the middle.
    for _ in 0..2_000 {
        let length = std::fs::metadata(&journal).map_or(0, |metadata| metadata.len());
        if length > 60_000 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.status, 2, "{}", ran.complained);
    assert!(ran.complained.contains("đã dừng"), "{}", ran.complained);
    assert!(ran.complained.contains("--resume"), "{}", ran.complained);
    let done = ran.reports().len();
    assert!(done > 0 && done < 328, "{done}");
    let whole = school.verify(&["--format", "json"]);
    assert!(whole.printed.starts_with(&ran.printed));
    assert_eq!(school.verify(&options).printed, whole.printed);
}

#[cfg(unix)]
#[test]
fn what_is_left_out_is_counted_by_ending_and_said_in_one_line() {
    let school = School::new();
    for (name, octets) in [
        ("a.docx", b"PK".as_slice()),
        ("b.DOCX", b"PK"),
        ("c.jpg", b"x"),
        ("hoc ba", b"%PDF-1.7"),
        ("x", b""),
    ] {
        school.desk.put(&format!("archive/Trường B/{name}"), octets);
    }
    let link = school.archive().join("Trường B/link.pdf");
    std::os::unix::fs::symlink(school.desk.path("signed.pdf"), link).unwrap();
    let summary = school.desk.path("summary.json");
    let ran = school.verify(&["--summary", summary.to_str().unwrap()]);
    let wanted = serde_json::json!({".docx": 2, ".jpg": 1, "%PDF-": 1, "link": 1, "other": 1});
    assert_eq!(read(&summary)["left_out"], wanted);
    let line = ran.complained.lines().find(|line| line.contains(".docx 2"));
    assert!(
        line.unwrap().contains("6 tệp không được kiểm tra"),
        "{ran:?}"
    );
    // The totals stand behind the text wherever it goes.
    assert!(ran.complained.contains("28 tệp: "), "{ran:?}");
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
