//! What `verify` counts of an archive: the five questions, periods, what is left out; and all of it
//! masked.

use super::{School, read};

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
fn fe7_21_every_form_tells_which_files_are_outside_the_period() {
    let school = School::new();
    let asked = |format: &str| school.verify(&["--to", "2001-12-31", "--format", format]);
    let whole = school.verify(&[]);
    let text = asked("text");
    assert_eq!(text.status, whole.status);
    let line = "  ngoài kỳ đang xét, chỉ theo thời điểm tự khai của chữ ký\n";
    assert_eq!(text.printed.matches(line).count(), 25, "{text:?}");
    let told = text.printed.replace(line, "");
    assert_eq!(told, whole.printed, "nothing else is told otherwise");
    let counts = "trong đó 25 ngoài kỳ, 25 chỉ theo thời điểm tự khai";
    assert!(text.complained.contains(counts), "{text:?}");
    assert!(!whole.complained.contains("ngoài kỳ"), "{whole:?}");
    let periods = |ran: &crate::programs::Ran, period: &str| {
        let reports = ran.reports();
        reports.iter().filter(|one| one["period"] == period).count()
    };
    let lines = asked("json");
    assert_eq!(periods(&lines, "outside-by-claim"), 25, "{lines:?}");
    assert_eq!(periods(&lines, "inside"), 3, "{lines:?}");
    let plain = school.verify(&["--format", "json"]).reports();
    assert!(plain.iter().all(|one| one.get("period").is_none()));
    for (mut asked, plain) in lines.reports().into_iter().zip(plain) {
        asked.as_object_mut().unwrap().remove("period");
        assert_eq!(asked, plain, "the field is all that is added");
    }
    let rows = asked("csv").printed;
    let of = |end: &str| rows.lines().filter(|row| row.ends_with(end)).count();
    assert!(
        rows.lines().next().unwrap().ends_with(",Ngoài kỳ"),
        "{rows}"
    );
    // The sealed letter has two rows.
    assert_eq!(of(",\"có, chỉ theo thời điểm tự khai\""), 26, "{rows}");
    assert!(of(",không") >= 3, "{rows}");
}

#[test]
fn fe7_21_a_spreadsheet_has_the_workflows_of_the_page_without_a_mapping() {
    let school = School::new();
    let summary = school.desk.path("summary.json");
    let options = ["--format", "json", "--summary", summary.to_str().unwrap()];
    let lines = school.verify(&options).reports();
    let titles: Vec<&str> = lines
        .iter()
        .filter_map(|one| one["workflow"]["title"].as_str())
        .collect();
    assert!(!titles.is_empty());
    let rows = school.verify(&["--format", "csv"]);
    for title in titles {
        let of = rows
            .printed
            .lines()
            .filter(|row| row.contains(&format!(",{title},")));
        assert!(of.count() > 0, "{title}: {}", rows.printed);
    }
    // What nobody asked about weighs nothing.
    assert_eq!(rows.status, school.verify(&[]).status);
}

/// `Unicode Text`, as Excel saves it.
fn unicode_text(text: &str) -> Vec<u8> {
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn fe7_19_a_list_of_staff_as_excel_saves_it_counts_its_people_and_tells_what_it_took_otherwise() {
    let school = School::new();
    let mapping = "school_name = \"Trường A\"\nstaff = \"nhan-su.csv\"\n";
    let mapping = school.desk.put("mapping.toml", mapping.as_bytes());
    let summary = school.desk.path("summary.json");
    let counted = |list: &[u8]| {
        school.desk.put("nhan-su.csv", list);
        let mapping = mapping.to_str().unwrap();
        school.verify(&["--mapping", mapping, "--summary", summary.to_str().unwrap()])
    };
    let list = "DANH SÁCH NHÂN SỰ\t\t\nSTT\tHỌ VÀ TÊN\tSố CCCD\n1\tai cũng được\t'000 000 000 004\n\t\t\n\
                2\tNgười Không Ký\t31200000009\n";
    let ran = counted(&unicode_text(list));
    let staff = &read(&summary)["schools"][0]["staff"];
    assert_eq!(staff["listed"], 2, "{ran:?}");
    assert_eq!(
        (&staff["used"], &staff["ambiguous"]),
        (&1.into(), &0.into())
    );
    assert_eq!(staff["people"].as_array().unwrap().len(), 2, "{staff}");
    let note =
        "danh sách nhân sự: 1 số CCCD mất số 0 ở đầu (Excel bỏ đi), đã hiểu là có số 0 (dòng 5)";
    assert!(ran.complained.contains(note), "{ran:?}");
    // Of two with the signer's name, nothing tells which signed.
    let name = staff["people"][0]["common_name"].as_str().unwrap();
    let list = format!("Họ tên\n{name}\n{}\n", name.to_uppercase());
    let ran = counted(list.as_bytes());
    let staff = &read(&summary)["schools"][0]["staff"];
    assert_eq!(
        (&staff["used"], &staff["ambiguous"]),
        (&0.into(), &2.into())
    );
    assert!(ran.complained.contains("không có cột số CCCD"), "{ran:?}");
    assert!(ran.complained.contains("chưa biết ai đã ký"), "{ran:?}");
    // What cannot be used is told by its line.
    let ran = counted("Họ tên;CCCD\nAn;1,2E+10\n".as_bytes());
    assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
    ran.assert_one_line("verify", 2);
    assert!(
        ran.complained
            .contains("nhan-su.csv: dòng 2: số CCCD đã bị Excel làm tròn"),
        "{ran:?}"
    );
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
fn files_of_the_program_itself_are_none_of_the_archive_s() {
    let school = School::new();
    let options = |name: &str| {
        let of = |ending: &str| {
            let path = school.archive().join(format!("{name}.{ending}"));
            path.to_str().unwrap().to_owned()
        };
        [of("json"), of("csv"), of("jsonl")]
    };
    // What a run that was killed left behind.
    school.desk.put("archive/.trien-a1B2c3.part", b"%PDF-1.7");
    for (name, own) in [("một", 1), ("một", 1), ("hai", 3)] {
        let [summary, csv, journal] = &options(name);
        let ran = school.verify(&[
            "--format",
            "csv",
            "--output",
            csv,
            "--summary",
            summary,
            "--resume",
            journal,
        ]);
        let own = format!("{own} tệp của chính chương trình");
        assert!(ran.complained.contains(&own), "{name}: {ran:?}");
        let left_out = &read(std::path::Path::new(summary))["left_out"];
        let expected = if name == "một" {
            serde_json::json!({})
        } else {
            // A spreadsheet bears no mark.
            serde_json::json!({".csv": 1})
        };
        assert_eq!(*left_out, expected, "{name}");
    }
}
