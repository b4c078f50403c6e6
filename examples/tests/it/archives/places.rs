//! What `verify` reads and writes: zip archives, what is named twice, a disc with its manifest, and
//! outputs that replace nothing.

use std::io::Write;
use std::path::Path;

use trien_testkit::pki::Role;

use super::{School, read, verify};
use crate::programs::{NOW, arguments, page, run};

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

#[test]
fn fe7_14_no_output_replaces_what_the_mapping_names() {
    let school = School::new();
    let mapping = "staff = \"staff.csv\"\n[[category]]\nid = \"a\"\ntitle = \"A\"\n\
                   folders = [\"học bạ\"]\nworkflow = \"own.toml\"\n";
    let mapping = school.desk.put("mapping.toml", mapping.as_bytes());
    for name in ["staff.csv", "own.toml"] {
        let kept = school.desk.put(name, b"kept");
        let (mapping, output) = (mapping.to_str().unwrap(), kept.to_str().unwrap());
        let ran = school.verify(&["--mapping", mapping, "--summary", output]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.complained.contains("không được ghi đè"), "{ran:?}");
        assert_eq!(std::fs::read(&kept).unwrap(), b"kept");
    }
}

#[test]
fn fe7b_9_no_output_replaces_other_files_of_the_school() {
    let school = School::new();
    let kept = school.archive().join("Trường A/danh sách.docx");
    std::fs::write(&kept, b"kept").unwrap();
    for option in ["--summary", "--output", "--make-manifest"] {
        let ran = school.verify(&["--format", "csv", option, kept.to_str().unwrap()]);
        assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
        assert_eq!(std::fs::read(&kept).unwrap(), b"kept");
    }
    // What a run wrote there is written anew.
    let own = school.archive().join("tổng hợp.json");
    for _ in 0..2 {
        school.verify(&["--summary", own.to_str().unwrap()]);
        assert_eq!(read(&own)["counts"]["files"], 28);
    }
}

#[test]
fn fe7_4_what_files_say_does_not_reach_the_terminal_as_it_is() {
    let desk = crate::programs::Desk::new();
    let hostile = "F\u{1B}]0;PWN\u{7}\u{202E}";
    let options = ["--field", hostile, "--at", NOW];
    desk.sign_with("sign", Role::Principal, "0.pdf", "signed.pdf", &options)
        .assert_signed();
    let signed = desk.path("signed.pdf");
    let plain = |ran: &crate::programs::Ran| {
        let hostile = ran.complained.contains(['\u{1B}', '\u{7}', '\u{202E}']);
        assert!(!hostile, "{ran:?}");
    };
    // Where the services are is nowhere to be asked without leave: what is missing names the field.
    let known = crate::programs::anchors();
    let told = run(
        "verify",
        arguments!["--at", NOW, "--online", "--anchors", known, &signed],
    );
    assert!(told.complained.contains("PWN"), "{told:?}");
    plain(&told);
    let masked = run(
        "verify",
        arguments![
            "--at",
            NOW,
            "--online",
            "--anchors",
            known,
            "--mask",
            &signed
        ],
    );
    plain(&masked);
    for not in ["Phạm", "PWN"] {
        assert!(!masked.complained.contains(not), "{not}: {masked:?}");
    }
    // Errors with their causes repeat names of files.
    let anchors = desk.path("anchors");
    std::fs::create_dir(&anchors).unwrap();
    std::fs::write(anchors.join("x\u{1B}]0;PWN\u{7}.pem"), b"none").unwrap();
    let told = run(
        "verify",
        arguments!["--at", NOW, "--anchors", &anchors, &signed],
    );
    assert!(told.complained.contains("PWN"), "{told:?}");
    plain(&told);
}

#[test]
fn fe7_34_letters_that_nobody_sees_stand_in_no_text_and_no_spreadsheet() {
    let desk = crate::programs::Desk::new();
    let unseen = ['\u{200B}', '\u{AD}', '\u{3164}', '\u{E0041}', '\u{2060}'];
    let name = format!("x{}y.pdf", String::from_iter(unseen));
    let file = desk.put(&name, b"none");
    for format in ["text", "csv"] {
        let told = run("verify", arguments!["--at", NOW, "--format", format, &file]);
        assert!(told.printed.contains("x     y.pdf"), "{told:?}");
        assert!(!told.printed.contains(unseen), "{told:?}");
    }
}

#[test]
fn fe7_29_a_file_of_evidence_that_cannot_be_read_is_named_and_blamed_on_no_record() {
    let school = School::new();
    let evidence = school.desk.path("evidence");
    std::fs::create_dir(&evidence).unwrap();
    std::fs::write(evidence.join("hỏng.crl"), b"none").unwrap();
    let folder = evidence.to_str().unwrap();
    let ran = school.verify(&["--format", "json", "--evidence", folder]);
    assert_eq!(ran.status, 2, "{ran:?}");
    let named = format!("--evidence: bỏ qua {}", evidence.join("hỏng.crl").display());
    assert!(ran.complained.contains(&named), "{ran:?}");
    for report in ran.reports() {
        let problems = &report["document"]["evidence_problems"];
        assert_eq!(*problems, serde_json::json!([]), "{report}");
    }
}
