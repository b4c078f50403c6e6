//! `sign` and `countersign` with soft keys: what they do, and how they end when they cannot.

use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::Role;

use crate::programs::{Desk, LATE, NOW, Ran, arguments, contents, identity, report, run, states};

#[test]
fn a_record_is_signed_countersigned_and_sealed() {
    let desk = Desk::new();
    desk.sign("sign", Role::HomeroomTeacher, "0.pdf", "1.pdf")
        .assert_signed();
    desk.sign("countersign", Role::Principal, "1.pdf", "2.pdf")
        .assert_signed();
    desk.sign("countersign", Role::SchoolSeal, "2.pdf", "3.pdf")
        .assert_signed();
    let files = contents(desk.folder());
    for (shorter, longer) in [("0.pdf", "1.pdf"), ("1.pdf", "2.pdf"), ("2.pdf", "3.pdf")] {
        let prefix = &files[&desk.path(shorter)];
        assert!(files[&desk.path(longer)].starts_with(prefix), "{longer}");
    }
    let report = report(&desk.path("3.pdf"));
    assert_eq!(
        states(&report),
        [
            "GiaoVienChuNhiem intact revision permitted",
            "HieuTruong intact revision permitted",
            "ConDau intact whole-file none",
        ]
    );
    assert_eq!(report["signatures"][2]["signer"]["kind"], "organisation");
    assert_eq!(report["signatures"][0]["claimed_signing_time"], NOW);
}

#[test]
fn a_mark_and_a_reason_are_written_in_vietnamese() {
    let desk = Desk::new();
    let options = [
        "--field",
        "HieuTruong",
        "--at",
        NOW,
        "--reason",
        "Ký duyệt học bạ điện tử",
        "--show",
        "1,30,40,200,60",
    ];
    let ran = desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options);
    let signer = "Phạm Đức Thắng (THỬ NGHIỆM)";
    if ran.status != 0 && ran.complained.contains("font") {
        println!("SKIPPED: no mark, {}", ran.complained);
        return;
    }
    ran.assert_signed();
    for word in [signer, "HieuTruong", "0.pdf", "1.pdf"] {
        assert!(ran.printed.contains(word), "{ran:?}");
    }
    let report = report(&desk.path("1.pdf"));
    assert_eq!(states(&report), ["HieuTruong intact whole-file none"]);
    assert_eq!(report["signatures"][0]["reason"], "Ký duyệt học bạ điện tử");
    // The mark names the person, not the field.
    let text = std::process::Command::new("pdftotext")
        .args([desk.path("1.pdf").as_os_str(), "-".as_ref()])
        .output();
    let Ok(text) = text else {
        println!("SKIPPED: pdftotext is not installed, so the mark was not read");
        return;
    };
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains(&format!("Người ký: {signer}")), "{text}");
    assert!(text.contains("Thời điểm ký: 08:00:00 31/05/2026"), "{text}");
    assert!(!text.contains("HieuTruong"), "{text}");
}

#[test]
fn a_pkcs12_file_opens_with_its_password_alone() {
    let desk = Desk::new();
    let password = "mật khẩu 2026";
    let key = identity(Role::SchoolSeal).pkcs12(password).unwrap();
    let key = desk.put("seal.p12", &key);
    let (input, output) = (desk.path("0.pdf"), desk.path("1.pdf"));
    let sign = |password: &str| {
        let password = desk.put("password", format!("{password}\n").as_bytes());
        run(
            "sign",
            arguments![
                "--soft-key",
                &key,
                "--pin-file",
                &password,
                "--field",
                "ConDau",
                "--at",
                NOW,
                &input,
                &output,
            ],
        )
    };
    let ran = sign("sai mật khẩu 7");
    ran.assert_one_line("sign", 2);
    assert!(!ran.complained.contains("sai mật khẩu 7"), "{ran:?}");
    assert!(!output.exists());
    sign(password).assert_signed();
    assert_eq!(states(&report(&output)), ["ConDau intact whole-file none"]);
}

/// The program ends so with one line, and the folder is as it was.
fn assert_nothing_written(
    desk: &Desk,
    program: &str,
    status: i32,
    run: impl FnOnce() -> Ran,
) -> Ran {
    let before = contents(desk.folder());
    let ran = run();
    ran.assert_one_line(program, status);
    assert_eq!(contents(desk.folder()), before, "{ran:?}");
    ran
}

#[test]
fn an_unsigned_record_is_not_countersigned() {
    let desk = Desk::new();
    let ran = assert_nothing_written(&desk, "countersign", 1, || {
        desk.sign("countersign", Role::Principal, "0.pdf", "1.pdf")
    });
    assert!(ran.complained.contains("lệnh sign"), "{ran:?}");
}

#[test]
fn an_expired_certificate_is_refused() {
    let desk = Desk::new();
    let options = ["--field", "HieuTruong", "--at", LATE];
    let ran = assert_nothing_written(&desk, "sign", 1, || {
        desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options)
    });
    assert!(ran.complained.contains("hết hạn"), "{ran:?}");
}

#[test]
fn a_broken_or_changed_record_is_not_signed_further() {
    let desk = Desk::new();
    desk.sign("sign", Role::HomeroomTeacher, "0.pdf", "1.pdf")
        .assert_signed();
    let signed = std::fs::read(desk.path("1.pdf")).unwrap();
    // A digit of the page's size, in the first revision.
    let size = signed
        .windows(3)
        .position(|window| window == b"595")
        .unwrap();
    desk.put("broken.pdf", &flip_octet(&signed, size).unwrap());
    desk.put(
        "tail.pdf",
        &[signed.as_slice(), b"\nmore octets\n"].concat(),
    );
    for input in ["broken.pdf", "tail.pdf"] {
        for program in ["sign", "countersign"] {
            let ran = assert_nothing_written(&desk, program, 1, || {
                desk.sign(program, Role::Principal, input, "2.pdf")
            });
            assert!(ran.complained.contains("GiaoVienChuNhiem"), "{ran:?}");
        }
    }
}

#[test]
fn input_that_cannot_be_signed_ends_with_two() {
    let desk = Desk::new();
    desk.put("empty.pdf", b"");
    desk.put("text.pdf", b"Dear headmaster,\n");
    std::fs::create_dir(desk.path("folder.pdf")).unwrap();
    for input in ["empty.pdf", "text.pdf", "folder.pdf", "missing.pdf"] {
        assert_nothing_written(&desk, "sign", 2, || {
            desk.sign("sign", Role::Principal, input, "1.pdf")
        });
    }
    let encrypted = std::process::Command::new("qpdf")
        .args(["--encrypt", "", "owner", "256", "--"])
        .args([desk.path("0.pdf"), desk.path("encrypted.pdf")])
        .output();
    if encrypted.is_err() {
        println!("SKIPPED: qpdf is not installed, so no encrypted file was tried");
        return;
    }
    let ran = assert_nothing_written(&desk, "sign", 2, || {
        desk.sign("sign", Role::Principal, "encrypted.pdf", "1.pdf")
    });
    assert!(ran.complained.contains("mã hóa"), "{ran:?}");
}

#[test]
fn output_that_cannot_be_written_ends_with_two() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("folder")).unwrap();
    let kept = desk.put("kept.pdf", b"kept");
    let mut permissions = std::fs::metadata(&kept).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&kept, permissions).unwrap();
    for output in ["0.pdf", "./0.pdf", "folder", "missing/1.pdf", "kept.pdf"] {
        assert_nothing_written(&desk, "sign", 2, || {
            desk.sign("sign", Role::Principal, "0.pdf", output)
        });
    }
}

#[test]
fn fields_and_pages_that_cannot_be_end_with_two() {
    let desk = Desk::new();
    desk.sign("sign", Role::Principal, "0.pdf", "1.pdf")
        .assert_signed();
    let ran = assert_nothing_written(&desk, "countersign", 2, || {
        desk.sign("countersign", Role::Principal, "1.pdf", "2.pdf")
    });
    assert!(ran.complained.contains("HieuTruong"), "{ran:?}");
    for options in [
        ["--field", "a.b", "--show", "1,0,0,100,40"],
        ["--field", "ConDau", "--show", "9,0,0,100,40"],
    ] {
        assert_nothing_written(&desk, "sign", 2, || {
            desk.sign_with("sign", Role::SchoolSeal, "0.pdf", "2.pdf", &options)
        });
    }
}

#[test]
fn a_key_file_that_is_none_ends_with_two_and_is_named() {
    let desk = Desk::new();
    let (input, output) = (desk.path("0.pdf"), desk.path("1.pdf"));
    let certificate = identity(Role::Principal).certificate_pem().unwrap();
    let key = identity(Role::Principal).key_pem().unwrap();
    desk.put("no-key.pem", &certificate);
    desk.put("no-certificate.pem", &key);
    desk.put("garbage.pem", b"-----BEGIN GARBAGE-----\n");
    for name in ["no-key.pem", "no-certificate.pem", "garbage.pem"] {
        assert_nothing_written(&desk, "sign", 2, || {
            let key = desk.path(name);
            run(
                "sign",
                arguments!["--soft-key", &key, "--field", "X", &input, &output],
            )
        });
    }
    let missing = desk.path("missing.pem");
    let ran = assert_nothing_written(&desk, "sign", 2, || {
        run(
            "sign",
            arguments!["--soft-key", &missing, "--field", "X", &input, &output],
        )
    });
    assert!(ran.complained.contains("missing.pem"), "{ran:?}");
}

#[test]
fn a_call_that_makes_no_sense_ends_with_two() {
    let desk = Desk::new();
    for options in [
        &["--field", "X", "--at", "yesterday"][..],
        &["--field", "X", "--show", "0,0,0,1,1"],
        &["--field", "X", "--show", "1,2,3"],
        &["--field", "X", "--token", "ConDau"],
        &[],
    ] {
        let before = contents(desk.folder());
        let ran = desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", options);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(!ran.complained.is_empty());
        assert_eq!(contents(desk.folder()), before);
    }
}

#[test]
fn a_mark_off_the_page_is_refused_with_the_size_of_the_page() {
    let desk = Desk::new();
    for place in [
        "1,500,40,200,60",
        "1,-1,40,200,60",
        "1,30,800,200,60",
        "1,30,-0.5,200,60",
        "1,99999,40,200,60",
        "1,nan,40,200,60",
    ] {
        let options = ["--field", "X", "--at", NOW, "--show", place];
        let ran = assert_nothing_written(&desk, "sign", 2, || {
            desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options)
        });
        assert!(ran.complained.contains("ngoài trang 1"), "{place}: {ran:?}");
        assert!(ran.complained.contains("210 × 297 mm"), "{place}: {ran:?}");
    }
    let options = [
        "--field",
        "X",
        "--at",
        NOW,
        "--lang",
        "en",
        "--show",
        "1,500,40,200,60",
    ];
    let ran = assert_nothing_written(&desk, "sign", 2, || {
        desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options)
    });
    assert!(ran.complained.contains("does not lie on page 1"), "{ran:?}");
}

#[test]
fn a_mark_that_nobody_could_read_is_refused_with_its_size() {
    let desk = Desk::new();
    for place in [
        "1,30,40,30,10",
        "1,30,40,200,10",
        "1,30,40,-200,60",
        "1,30,40,nan,60",
    ] {
        let options = ["--field", "X", "--at", NOW, "--show", place];
        let ran = assert_nothing_written(&desk, "sign", 2, || {
            desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options)
        });
        assert!(ran.complained.contains("quá nhỏ"), "{place}: {ran:?}");
        assert!(ran.complained.contains("20 × 10 mm"), "{place}: {ran:?}");
    }
}

#[test]
fn english_is_spoken_when_asked_for() {
    let desk = Desk::new();
    let options = ["--field", "HieuTruong", "--at", NOW, "--lang", "en"];
    let ran = desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.printed.starts_with("Signed: "), "{ran:?}");
    let ran = assert_nothing_written(&desk, "countersign", 1, || {
        desk.sign_with("countersign", Role::Principal, "0.pdf", "2.pdf", &options)
    });
    assert!(ran.complained.contains("use sign"), "{ran:?}");
    let late = ["--field", "X", "--at", LATE, "--lang", "en"];
    let ran = assert_nothing_written(&desk, "sign", 1, || {
        desk.sign_with("sign", Role::Principal, "0.pdf", "2.pdf", &late)
    });
    assert!(ran.complained.contains("refused"), "{ran:?}");
    assert!(!ran.complained.contains("hết hạn"), "{ran:?}");
}

#[test]
fn an_old_key_file_is_explained_without_the_words_of_openssl() {
    let desk = Desk::new();
    let old = desk.path("old.p12");
    let made = std::process::Command::new("openssl")
        .args([
            "pkcs12",
            "-export",
            "-legacy",
            "-descert",
            "-keypbe",
            "PBE-SHA1-RC2-40",
        ])
        .args([
            "-certpbe",
            "PBE-SHA1-RC2-40",
            "-passout",
            "pass:12345678",
            "-in",
        ])
        .arg(desk.path("HieuTruong.pem"))
        .arg("-out")
        .arg(&old)
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        println!("SKIPPED: openssl with its legacy provider is not installed");
        return;
    }
    let garbage = desk.put("garbage.p12", b"0\x82no key file at all");
    let pin = desk.put("pin", b"12345678\n");
    let (input, output) = (desk.path("0.pdf"), desk.path("1.pdf"));
    for (file, language, word) in [
        (&old, "vi", "thuật toán cũ"),
        (&old, "en", "outdated algorithm"),
        (&garbage, "vi", "không phải tệp khóa"),
        (&garbage, "en", "no .p12 or PEM key file"),
    ] {
        let ran = assert_nothing_written(&desk, "sign", 2, || {
            run(
                "sign",
                arguments![
                    "--soft-key",
                    file,
                    "--pin-file",
                    &pin,
                    "--field",
                    "X",
                    "--at",
                    NOW,
                    "--lang",
                    language,
                    &input,
                    &output,
                ],
            )
        });
        assert!(ran.complained.contains(word), "{ran:?}");
        for raw in ["error:", "routines", ".c:", "asn1", "inner_evp"] {
            assert!(!ran.complained.contains(raw), "{ran:?}");
        }
    }
}
