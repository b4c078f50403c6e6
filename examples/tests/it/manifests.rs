//! Who signed a manifest decides whether a disc is called what was handed over.

use std::path::Path;

use serde_json::Value;
use trien_testkit::pki::Role;
use trien_testkit::services::LiveServices;

use crate::programs::{Desk, NOW, Ran, anchors, arguments, page, run};

/// A disc with one record, keys whose certificates point to the services, and the services.
struct HandOver {
    desk: Desk,
    services: LiveServices,
}

impl HandOver {
    fn new() -> Self {
        let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys");
        let now = trien::UnixTime::from_rfc3339(NOW).unwrap();
        let services = LiveServices::start(&keys, now).unwrap();
        let desk = Desk::new();
        std::fs::create_dir(desk.path("disc")).unwrap();
        for role in [Role::Principal, Role::SchoolSeal] {
            let signer = services.pki.identity(role).unwrap();
            let mut key = signer.key_pem().unwrap();
            key.extend(signer.certificate_pem().unwrap());
            for issuer in signer.issuers() {
                key.extend(issuer.to_pem().unwrap());
            }
            desk.put(&format!("{}.pem", role.label()), &key);
        }
        Self { desk, services }
    }

    fn verify(&self, options: &[&str]) -> Ran {
        let mut list = arguments!["--at", NOW, "--anchors", anchors()].to_vec();
        list.extend(options.iter().map(std::ffi::OsStr::new));
        let disc = self.desk.path("disc");
        list.push(disc.as_os_str());
        run("verify", &list)
    }

    fn sign(&self, program: &str, role: Role, meant: &str, (from, to): (&str, &str)) -> Ran {
        let url = self.services.time_stamps.url();
        let mut options = vec!["--field", role.label(), "--as", meant, "--at", NOW];
        options.extend(["--level", "b-lt", "--tsa", &url]);
        options.extend(["--allow-private-addresses", "--anchors"]);
        options.push(anchors().to_str().unwrap());
        self.desk.sign_with(program, role, from, to, &options)
    }

    /// As docs/ARCHIVE.md has it: `list.pdf`, `signed.pdf` by the principal, then `sealed.pdf`.
    fn make(&self) {
        let list = self.desk.path("list.pdf");
        self.verify(&["--make-manifest", list.to_str().unwrap()]);
        let first = ("list.pdf", "signed.pdf");
        self.sign("sign", Role::Principal, "personal", first)
            .assert_signed();
        let second = ("signed.pdf", "sealed.pdf");
        self.sign("countersign", Role::SchoolSeal, "seal", second)
            .assert_signed();
    }

    fn check(&self, list: &str, more: &[&str]) -> Ran {
        let list = self.desk.path(list);
        let mut options = vec!["--manifest", list.to_str().unwrap()];
        options.extend(more);
        self.verify(&options)
    }

    fn json(&self, list: &str, more: &[&str]) -> Value {
        let mut options = vec!["--format", "json"];
        options.extend(more);
        self.check(list, &options).reports().pop().unwrap()
    }
}

#[test]
fn a_manifest_that_a_person_signed_names_the_person_and_is_not_called_valid() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    let person = hand_over.check("signed.pdf", &[]);
    assert!(
        person.printed.contains("Bản kê: DO CÁ NHÂN KÝ"),
        "{person:?}"
    );
    assert!(person.printed.contains("Phạm Đức Thắng"), "{person:?}");
    assert!(person.printed.contains("số sê-ri"), "{person:?}");
    let masked = hand_over.check("signed.pdf", &["--mask"]);
    assert!(!masked.printed.contains("Phạm Đức Thắng"), "{masked:?}");
    let said = hand_over.json("signed.pdf", &[]);
    assert_eq!(said["manifest"], "valid");
    assert_eq!(said["accepted"], false);
    let serial = said["signers"][0]["serial"].as_str().unwrap();
    // The number of a person's certificate keeps its last four digits.
    assert!(!masked.printed.contains(serial), "{masked:?}");
    assert!(masked.printed.contains(&serial[serial.len() - 4..]));
    let hidden = hand_over.json("signed.pdf", &["--mask"]);
    assert_ne!(hidden["signers"][0]["serial"], serial);
    for named in [serial, "phạm đức thắng (thử nghiệm)"] {
        let said = hand_over.json("signed.pdf", &["--manifest-signer", named]);
        assert_eq!(said["accepted"], true, "{named}: {said}");
    }
    let sealed = hand_over.check("sealed.pdf", &[]);
    assert!(sealed.printed.contains("Bản kê: HỢP LỆ"), "{sealed:?}");
    assert!(sealed.printed.contains("(tổ chức)"), "{sealed:?}");
    let other = hand_over.check("sealed.pdf", &["--manifest-signer", "Ai Đó"]);
    assert!(other.printed.contains("KHÔNG DO NGƯỜI NÊU"), "{other:?}");
}

#[test]
fn fe7_3_a_signer_who_is_accepted_by_name_may_be_a_namesake_and_is_told_with_numbers() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    let name = "Phạm Đức Thắng (thử nghiệm)";
    let by_name = hand_over.check("signed.pdf", &["--manifest-signer", name]);
    for said in ["tên có thể trùng", "số định danh CCCD:", "nơi cấp"] {
        assert!(by_name.printed.contains(said), "{said}: {by_name:?}");
    }
    let said = hand_over.json("signed.pdf", &["--manifest-signer", name]);
    assert_eq!(said["accepted_by"], "name", "{said}");
    let number = said["signers"][0]["numbers"][0].as_str().unwrap();
    for number in [number, number.trim_start_matches("CCCD:")] {
        let said = hand_over.json("signed.pdf", &["--manifest-signer", number]);
        assert_eq!(said["accepted_by"], "number", "{said}");
    }
    let told = hand_over.check("signed.pdf", &["--manifest-signer", number]);
    assert!(!told.printed.contains("tên có thể trùng"), "{told:?}");
    let other = hand_over.json("signed.pdf", &["--manifest-signer", "CCCD:000000000000"]);
    assert_eq!(other["accepted"], false, "{other}");
    // Whoever works for the school has its tax number in the certificate.
    let masked = hand_over.json("signed.pdf", &["--mask"]);
    assert_eq!(masked["signers"][0]["numbers"], serde_json::json!([]));
}

#[test]
fn fe7_2_the_report_names_who_signed_the_manifest() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    let html = |more: &[&str]| {
        let mut options = vec!["--format", "html", "--thumbnails", "none"];
        options.extend(more);
        hand_over.check("signed.pdf", &options).printed
    };
    let name = "Phạm Đức Thắng";
    assert!(html(&[]).contains(name));
    assert!(!html(&["--mask"]).contains(name));
    let sealed = hand_over.check("sealed.pdf", &["--format", "html", "--thumbnails", "none"]);
    assert!(sealed.printed.contains(r#""accepted_by":"seal""#));
    assert!(
        sealed
            .complained
            .contains("có đúng là của bên giao đĩa không")
    );
}

#[test]
fn fe7_8_a_list_that_proves_nothing_does_not_say_that_nothing_is_missing() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    for (list, more) in [
        ("list.pdf", &[][..]),
        ("signed.pdf", &[]),
        ("sealed.pdf", &["--manifest-signer", "Ai Đó"]),
    ] {
        let told = hand_over.check(list, more);
        assert!(!told.printed.contains("Không thiếu"), "{told:?}");
        assert!(
            told.printed.contains("chưa chứng minh được gì: chưa biết"),
            "{told:?}"
        );
    }
    let told = hand_over.check("sealed.pdf", &[]);
    assert!(told.printed.contains("Không thiếu, không thừa"), "{told:?}");
}

#[test]
fn fe7_11_a_missing_file_is_masked_by_the_names_of_all_who_signed_others() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    let signed = std::fs::read(hand_over.desk.path("signed.pdf")).unwrap();
    hand_over.desk.put("disc/1.pdf", &signed);
    hand_over.desk.put("disc/Phạm Đức Thắng 2.pdf", &page());
    hand_over.make();
    std::fs::remove_file(hand_over.desk.path("disc/Phạm Đức Thắng 2.pdf")).unwrap();
    let said = hand_over.json("sealed.pdf", &["--mask"]);
    assert_eq!(said["missing"], serde_json::json!(["P. Đ. T. 2.pdf"]));
}

#[test]
fn the_status_is_well_for_a_seal_or_for_the_signer_who_was_named() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    // A seal comes after a person with the authority.
    let alone = ("list.pdf", "alone.pdf");
    let refused = hand_over.sign("sign", Role::SchoolSeal, "seal", alone);
    assert_eq!(refused.status, 1, "{refused:?}");
    // The record on the disc is signed well, so that the list alone decides.
    let signed = std::fs::read(hand_over.desk.path("signed.pdf")).unwrap();
    hand_over.desk.put("disc/1.pdf", &signed);
    hand_over.make();
    let said = hand_over.json("signed.pdf", &[]);
    let serial = said["signers"][0]["serial"].as_str().unwrap();
    for (list, more, status) in [
        ("signed.pdf", &[][..], 1),
        ("signed.pdf", &["--manifest-signer", serial], 0),
        ("sealed.pdf", &[], 0),
        ("sealed.pdf", &["--manifest-signer", "00ff"], 1),
    ] {
        let ran = hand_over.check(list, more);
        assert_eq!(ran.status, status, "{list} {more:?}: {ran:?}");
        assert!(!ran.printed.contains("nay khác"), "{ran:?}");
    }
    // Nobody is trusted any more: what was said then and what is said now stand side by side.
    let (list, disc) = (
        hand_over.desk.path("sealed.pdf"),
        hand_over.desk.path("disc"),
    );
    let ran = run(
        "verify",
        arguments!["--at", NOW, "--manifest", &list, &disc],
    );
    let then = format!("  1.pdf: trước ({NOW}) HỢP LỆ, nay CHƯA XÁC ĐỊNH");
    assert!(
        ran.printed.contains("nay khác khi lập bản kê: 1"),
        "{ran:?}"
    );
    assert!(ran.printed.lines().any(|line| line == then), "{ran:?}");
}

#[test]
fn a_second_file_of_a_listed_name_is_added_and_no_list_has_two_of_one_name() {
    let hand_over = HandOver::new();
    let (composed, combining) = ("Học bạ.pdf", "Ho\u{323}c ba\u{323}.pdf");
    // Both are signed well, so that the list alone decides.
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    let read = |name: &str| std::fs::read(hand_over.desk.path(name)).unwrap();
    let (honest, forged) = (read("signed.pdf"), read("sealed.pdf"));
    std::fs::remove_file(hand_over.desk.path("disc/1.pdf")).unwrap();
    std::fs::create_dir(hand_over.desk.path("other")).unwrap();
    for (at_first, later) in [
        (format!("disc/{composed}"), format!("disc/{combining}")),
        (format!("disc/{combining}"), format!("disc/{composed}")),
        (format!("disc/{composed}"), format!("other/{composed}")),
    ] {
        hand_over.desk.put(&at_first, &honest);
        hand_over.make();
        let other = hand_over.desk.path("other");
        let roots = [other.to_str().unwrap()];
        let alone = hand_over.check("sealed.pdf", &roots);
        assert_eq!(alone.status, 0, "{alone:?}");
        hand_over.desk.put(&later, &forged);
        let said = hand_over.json("sealed.pdf", &roots);
        assert_eq!(said["added"], serde_json::json!([composed]), "{said}");
        let place = hand_over.desk.path(&later);
        assert_eq!(said["places_added"], serde_json::json!([place]), "{said}");
        for list in ["missing", "changed", "uncompared"] {
            assert_eq!(said[list], serde_json::json!([]), "{said}");
        }
        let told = hand_over.check("sealed.pdf", &roots);
        assert_eq!(told.status, 1, "{told:?}");
        let added = format!("Thừa: 1\n  Học bạ.pdf ({})", place.display());
        assert!(told.printed.contains(&added), "{told:?}");
        assert!(told.printed.contains("trùng tên với hồ sơ"), "{told:?}");
        let list = hand_over.desk.path("twice.pdf");
        let refused = hand_over.verify(&["--make-manifest", list.to_str().unwrap(), roots[0]]);
        assert_eq!(refused.status, 2, "{refused:?}");
        assert!(
            refused
                .complained
                .contains("hai hồ sơ cùng mang tên «Học bạ.pdf»; hãy đổi tên"),
            "{refused:?}"
        );
        assert!(!list.exists());
        for path in [&at_first, &later] {
            std::fs::remove_file(hand_over.desk.path(path)).unwrap();
        }
    }
}

#[test]
fn two_added_files_of_one_name_are_told_apart_by_the_paths_that_were_named() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    hand_over.make();
    std::fs::create_dir(hand_over.desk.path("other")).unwrap();
    for name in ["disc/2.pdf", "other/2.pdf"] {
        hand_over.desk.put(name, &page());
    }
    let places = ["disc/2.pdf", "other/2.pdf"].map(|name| hand_over.desk.path(name));
    let other = hand_over.desk.path("other");
    let roots = [other.to_str().unwrap()];
    let said = hand_over.json("sealed.pdf", &roots);
    assert_eq!(said["added"], serde_json::json!(["2.pdf", "2.pdf"]));
    assert_eq!(said["places_added"], serde_json::json!(places), "{said}");
    let told = hand_over.check("sealed.pdf", &roots);
    for place in &places {
        let line = format!("\n  2.pdf ({})\n", place.display());
        assert!(told.printed.contains(&line), "{told:?}");
    }
    // One path needs no telling.
    let told = hand_over.check("sealed.pdf", &[]);
    assert!(told.printed.contains("Thừa: 1\n  2.pdf\n"), "{told:?}");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf_8_do_not_hide_one_another() {
    use std::os::unix::ffi::OsStrExt as _;
    let hand_over = HandOver::new();
    let disc = hand_over.desk.path("disc");
    let put = |name: &[u8], octets: &[u8]| {
        std::fs::write(disc.join(std::ffi::OsStr::from_bytes(name)), octets).unwrap();
    };
    put(b"bad\xff.pdf", &page());
    hand_over.make();
    put(b"bad\xfe.pdf", b"%PDF-1.7\nforged");
    let said = hand_over.json("sealed.pdf", &[]);
    assert_eq!(said["added"], serde_json::json!(["bad\u{fffd}.pdf"]));
    assert_eq!(said["changed"], serde_json::json!([]), "{said}");
    let list = hand_over.desk.path("twice.pdf");
    let refused = hand_over.verify(&["--make-manifest", list.to_str().unwrap()]);
    assert_eq!(refused.status, 2, "{refused:?}");
    assert!(refused.complained.contains("hai hồ sơ cùng mang tên"));
}

#[test]
fn an_untouched_disc_with_what_nobody_can_read_is_not_called_modified() {
    let hand_over = HandOver::new();
    hand_over.desk.put("disc/1.pdf", &page());
    std::fs::create_dir(hand_over.desk.path("disc/năm")).unwrap();
    hand_over.desk.put("disc/năm/hỏng.zip", b"PK\x03\x04");
    hand_over.make();
    let said = hand_over.json("sealed.pdf", &[]);
    assert_eq!(said["uncompared"], serde_json::json!(["năm/hỏng.zip"]));
    // Whoever receives the disc reads it at another place.
    let moved = hand_over.desk.path("moved");
    std::fs::rename(hand_over.desk.path("disc"), &moved).unwrap();
    let list = hand_over.desk.path("sealed.pdf");
    for format in ["text", "html"] {
        let ran = run(
            "verify",
            arguments![
                "--at",
                NOW,
                "--anchors",
                anchors(),
                "--manifest",
                &list,
                "--format",
                format,
                &moved
            ],
        );
        assert_ne!(ran.status, 0, "{ran:?}");
        let told = format!("{}{}", ran.printed, ran.complained);
        assert!(told.contains("Không đối chiếu được (không đọc được"));
        assert!(told.contains("\n  năm/hỏng.zip\n"), "{told}");
        for not in [
            "\nBị sửa: ",
            "\nThiếu: ",
            "\nThừa: ",
            "Không thiếu, không thừa, không tệp",
        ] {
            // The page of the report holds every sentence that it may say.
            let is_said = ran.complained.contains(not);
            assert!(
                !is_said && (format == "html" || !told.contains(not)),
                "{not}: {told}"
            );
        }
        if format == "html" {
            assert!(
                ran.printed
                    .contains(r#""files_uncompared":["năm/hỏng.zip"]"#)
            );
        }
    }
}

#[test]
fn fe7_26_a_subfolder_or_a_pattern_is_held_against_its_part_of_the_list_and_nothing_is_called_missing()
 {
    let hand_over = HandOver::new();
    for folder in ["Học bạ", "Công văn"] {
        std::fs::create_dir(hand_over.desk.path("disc").join(folder)).unwrap();
        for number in 1..4 {
            let mut record = page();
            record.extend(format!("%{folder}{number}\n").bytes());
            let name = format!("disc/{folder}/{number}.pdf");
            hand_over.desk.put(&name, &record);
        }
    }
    hand_over.make();
    let list = hand_over.desk.path("sealed.pdf");
    let disc = hand_over.desk.path("disc");
    let check = |path: &Path, format: &str| {
        let options = [
            "--at",
            NOW,
            "--format",
            format,
            "--manifest",
            list.to_str().unwrap(),
        ];
        let options = options.map(std::ffi::OsStr::new);
        let anchors = [
            "--anchors".as_ref(),
            anchors().as_os_str(),
            path.as_os_str(),
        ];
        let options: Vec<_> = options.into_iter().chain(anchors).collect();
        run("verify", &options)
    };
    for path in [disc.join("Học bạ"), disc.join("Học bạ/*.pdf")] {
        let said = check(&path, "json").reports().pop().unwrap();
        assert_eq!(said["missing"], serde_json::json!([]), "{said}");
        assert_eq!(said["added"], serde_json::json!([]), "{said}");
        assert_eq!(said["below"], serde_json::json!(["Học bạ"]));
        assert_eq!(said["beyond"].as_array().unwrap().len(), 3);
        let ran = check(&path, "text");
        assert_eq!(ran.status, 1, "the rest was not looked for");
        for words in [
            "chỉ đối chiếu phần này của bản kê: Học bạ",
            "chưa tìm (không phải là thiếu",
        ] {
            assert!(ran.printed.contains(words), "{words}: {ran:?}");
        }
        for accusing in ["Thiếu:", "Thừa:", "Không thiếu, không thừa"] {
            assert!(!ran.printed.contains(accusing), "{accusing}: {ran:?}");
        }
    }
    // What lacks in that part is missing.
    std::fs::remove_file(disc.join("Học bạ/2.pdf")).unwrap();
    let said = check(&disc.join("Học bạ"), "json").reports().pop().unwrap();
    assert_eq!(said["missing"], serde_json::json!(["Học bạ/2.pdf"]));
    let ran = check(&disc.join("Học bạ"), "html");
    assert!(ran.complained.contains("Thiếu: 1"), "{ran:?}");
    let said = check(&disc, "json").reports().pop().unwrap();
    assert_eq!(said["missing"], serde_json::json!(["Học bạ/2.pdf"]));
    assert_eq!(said["beyond"], serde_json::json!([]));
}

#[test]
fn fe7b_12_what_is_no_manifest_and_no_anchor_is_told_in_vietnamese_alone() {
    let desk = Desk::new();
    let (disc, folder) = (desk.path("disc"), desk.path("roots"));
    for one in [&disc, &folder.join("folder.pem")] {
        std::fs::create_dir_all(one).unwrap();
    }
    desk.put("disc/0.pdf", &std::fs::read(desk.path("0.pdf")).unwrap());
    std::fs::write(folder.join("x.cer"), b"0").unwrap();
    let none = desk.path("nope.pdf");
    for (list, said) in [(&none, "không mở được tệp"), (&disc, "không phải là tệp")]
    {
        let ran = run("verify", arguments!["--at", NOW, "--manifest", list, &disc]);
        assert_eq!(ran.status, 2, "{ran:?}");
        let line = format!("{}: {said}", list.display());
        assert!(ran.complained.contains(&line), "{ran:?}");
        for english in ["cannot be opened", "regular file", " / "] {
            assert!(!ran.complained.contains(english), "{ran:?}");
        }
    }
    let ran = run(
        "verify",
        arguments!["--at", NOW, "--anchors", &folder, &disc],
    );
    let moved = "folder.pem: không phải là tệp: hãy chuyển đi nơi khác";
    assert!(ran.complained.contains(moved), "{ran:?}");
    assert!(ran.complained.contains("x.cer: không"), "{ran:?}");
    assert!(!ran.complained.contains("certificate"), "{ran:?}");
}
