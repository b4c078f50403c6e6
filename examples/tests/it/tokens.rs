//! `sign` and `countersign` with keys on SoftHSM tokens.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::Role;
use trien_testkit::tokens::{
    CONFIG_VARIABLE, ContextLogin, Filler, TEST_PIN, TokenError, TokenPlan, TokenSet, fill_if_asked,
};

use crate::programs::{
    Desk, LATE, NOW, Ran, arguments, contents, identity, pki, program, report, run, states,
};

/// Run again as the child process that fills tokens; nothing to do otherwise.
#[test]
fn filler() {
    fill_if_asked().unwrap();
}

/// A desk with tokens in a drawer.
pub(crate) struct Drawer {
    pub(crate) desk: Desk,
    pub(crate) tokens: TokenSet,
}

impl Drawer {
    /// `None`, said aloud, without SoftHSM.
    fn open(make: impl FnOnce(&Path, &Filler) -> Result<TokenSet, TokenError>) -> Option<Self> {
        let desk = Desk::new();
        let filler = Filler::TestOfThisProgram("tokens::filler");
        let folder = tempfile::tempdir().unwrap().keep();
        match make(&folder, &filler) {
            Err(TokenError::ModuleMissing) => {
                println!("SKIPPED: softhsm2 is not installed");
                None
            }
            tokens => Some(Self {
                desk,
                tokens: tokens.unwrap(),
            }),
        }
    }

    /// A token for every signer of the school.
    pub(crate) fn of_school() -> Option<Self> {
        Self::open(|folder, filler| TokenSet::of_school(folder, pki(), filler))
    }

    fn with(plans: &[TokenPlan]) -> Option<Self> {
        Self::open(|folder, filler| TokenSet::make(folder, plans, filler))
    }

    pub(crate) fn run(&self, name: &str, options: &[&str], input: &str, output: &str) -> Ran {
        let run = program(name)
            .env(CONFIG_VARIABLE, &self.tokens.config_path)
            .env("SCHOOL_PIN", TEST_PIN)
            .env("WRONG_PIN", WRONG_PIN)
            .arg("--module")
            .arg(&self.tokens.module_path)
            .args(options)
            .args([self.desk.path(input), self.desk.path(output)])
            .output();
        Ran::from(run.unwrap())
    }

    /// The program ends so with one line, and the desk is as it was.
    fn assert_nothing_written(&self, status: i32, options: &[&str], input: &str) -> Ran {
        let before = contents(self.desk.folder());
        let ran = self.run("sign", options, input, "out.pdf");
        ran.assert_one_line("sign", status);
        assert_eq!(contents(self.desk.folder()), before, "{ran:?}");
        ran
    }
}

impl Drop for Drawer {
    fn drop(&mut self) {
        if let Some(folder) = self.tokens.config_path.parent() {
            // Left behind at worst in the system's folder for temporary files.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

pub(crate) const WRONG_PIN: &str = "90817263";

/// No such file: whoever would read the PIN fails on it.
pub(crate) const NO_PIN: &str = "/nonexistent/pin";

#[test]
fn three_tokens_sign_countersign_and_seal() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let pin = drawer.desk.put("pin", format!("{TEST_PIN}\n").as_bytes());
    let pin = pin.to_str().unwrap();
    let steps = [
        ("sign", Role::HomeroomTeacher, "0.pdf", "1.pdf"),
        ("countersign", Role::Principal, "1.pdf", "2.pdf"),
        ("countersign", Role::SchoolSeal, "2.pdf", "3.pdf"),
    ];
    for (name, role, input, output) in steps {
        let label = role.label();
        let by_file = [
            "--token",
            label,
            "--pin-file",
            pin,
            "--field",
            label,
            "--at",
            NOW,
        ];
        let by_variable = [
            "--token",
            label,
            "--pin-env",
            "SCHOOL_PIN",
            "--field",
            label,
            "--at",
            NOW,
        ];
        let options = if name == "sign" { by_file } else { by_variable };
        drawer.run(name, &options, input, output).assert_signed();
    }
    let report = report(&drawer.desk.path("3.pdf"));
    assert_eq!(
        states(&report),
        [
            "GiaoVienChuNhiem intact revision permitted",
            "HieuTruong intact revision permitted",
            "ConDau intact whole-file none",
        ]
    );
    for signature in report["signatures"].as_array().unwrap() {
        assert_ne!(signature["indication"], "TOTAL-FAILED");
        assert_eq!(signature["level"], "PAdES-B-B");
    }
}

#[test]
fn a_wrong_pin_is_tried_once_and_printed_nowhere() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let label = Role::Principal.label();
    let options = |variable| {
        [
            "--token",
            label,
            "--pin-env",
            variable,
            "--field",
            label,
            "--at",
            NOW,
        ]
    };
    let ran = drawer.assert_nothing_written(2, &options("WRONG_PIN"), "0.pdf");
    for words in ["mã PIN không đúng", "không tự thử lại", "lần thử"] {
        assert!(ran.complained.contains(words), "{ran:?}");
    }
    assert!(!ran.complained.contains("CKR_"), "{ran:?}");
    assert!(!ran.complained.contains(WRONG_PIN), "{ran:?}");
    let english = [options("WRONG_PIN").as_slice(), &["--lang", "en"]].concat();
    let ran = drawer.assert_nothing_written(2, &english, "0.pdf");
    assert!(ran.complained.contains("no second try was made"), "{ran:?}");
    // Not locked by it, and the right one is printed nowhere either.
    let ran = drawer.run("sign", &options("SCHOOL_PIN"), "0.pdf", "1.pdf");
    ran.assert_signed();
    let ran = drawer.assert_nothing_written(2, &["--pin-env", "NO_SUCH", "--field", "X"], "0.pdf");
    assert!(!ran.complained.contains(TEST_PIN), "{ran:?}");
}

#[test]
fn what_the_rules_forbid_is_refused_before_the_pin_is_read() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let label = Role::Principal.label();
    let options = |time| {
        [
            "--token",
            label,
            "--pin-file",
            NO_PIN,
            "--field",
            label,
            "--at",
            time,
        ]
    };
    let ran = drawer.assert_nothing_written(1, &options(LATE), "0.pdf");
    assert!(ran.complained.contains("hết hạn"), "{ran:?}");
    drawer
        .desk
        .sign("sign", Role::HomeroomTeacher, "0.pdf", "1.pdf")
        .assert_signed();
    let signed = std::fs::read(drawer.desk.path("1.pdf")).unwrap();
    let size = signed
        .windows(3)
        .position(|window| window == b"595")
        .unwrap();
    drawer
        .desk
        .put("broken.pdf", &flip_octet(&signed, size).unwrap());
    let ran = drawer.assert_nothing_written(1, &options(NOW), "broken.pdf");
    assert!(ran.complained.contains("GiaoVienChuNhiem"), "{ran:?}");
    // What may be signed fails on the PIN's file, by name.
    let ran = drawer.assert_nothing_written(2, &options(NOW), "0.pdf");
    assert!(ran.complained.contains(NO_PIN), "{ran:?}");
}

#[test]
fn no_token_and_several_tokens_are_said() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let several = ["--pin-file", NO_PIN, "--field", "X", "--at", NOW];
    let ran = drawer.assert_nothing_written(2, &several, "0.pdf");
    assert!(ran.complained.contains("--token"), "{ran:?}");
    let unknown = [
        "--token",
        "PhoHieuTruong",
        "--pin-file",
        NO_PIN,
        "--field",
        "X",
    ];
    let ran = drawer.assert_nothing_written(2, &unknown, "0.pdf");
    assert!(ran.complained.contains("không thấy thiết bị"), "{ran:?}");
    let Some(empty) = Drawer::with(&[]) else {
        return;
    };
    let ran = empty.assert_nothing_written(2, &several, "0.pdf");
    assert!(ran.complained.contains("thiết bị"), "{ran:?}");
}

#[test]
fn a_single_token_needs_no_name() {
    let plan = TokenPlan::new("HieuTruong", TEST_PIN)
        .with_identity(identity(Role::Principal), ContextLogin::Asked)
        .unwrap();
    let Some(drawer) = Drawer::with(&[plan]) else {
        return;
    };
    let options = [
        "--pin-env",
        "SCHOOL_PIN",
        "--field",
        "HieuTruong",
        "--at",
        NOW,
    ];
    drawer
        .run("sign", &options, "0.pdf", "1.pdf")
        .assert_signed();
    let report = report(&drawer.desk.path("1.pdf"));
    assert_eq!(states(&report), ["HieuTruong intact whole-file none"]);
}

#[test]
fn a_key_without_certificate_and_a_certificate_without_key_do_not_sign() {
    let principal = identity(Role::Principal);
    let key_alone = TokenPlan::new("KhongChungThu", TEST_PIN)
        .with_key(b"\x01", principal)
        .unwrap();
    let certificate_alone = TokenPlan::new("KhongKhoa", TEST_PIN)
        .with_certificate("HieuTruong", &principal.certificate_der().unwrap());
    let Some(drawer) = Drawer::with(&[key_alone, certificate_alone]) else {
        return;
    };
    for (label, word) in [
        ("KhongChungThu", "chứng thư số"),
        ("KhongKhoa", "khóa bí mật"),
    ] {
        let options = [
            "--token",
            label,
            "--pin-env",
            "SCHOOL_PIN",
            "--field",
            "X",
            "--at",
            NOW,
        ];
        let ran = drawer.assert_nothing_written(2, &options, "0.pdf");
        assert!(ran.complained.contains(word), "{ran:?}");
    }
}

#[test]
fn two_certificates_on_a_token_are_told_apart_by_their_label() {
    let plan = TokenPlan::new("VanPhong", TEST_PIN)
        .with_identity(identity(Role::Principal), ContextLogin::NotAsked)
        .unwrap()
        .with_identity(identity(Role::SchoolSeal), ContextLogin::NotAsked)
        .unwrap();
    let Some(drawer) = Drawer::with(&[plan]) else {
        return;
    };
    let options = ["--pin-env", "SCHOOL_PIN", "--field", "ConDau", "--at", NOW];
    let ran = drawer.assert_nothing_written(2, &options, "0.pdf");
    assert!(ran.complained.contains("--certificate"), "{ran:?}");
    let named = [options.as_slice(), &["--certificate", "ConDau"]].concat();
    drawer.run("sign", &named, "0.pdf", "1.pdf").assert_signed();
    let report = report(&drawer.desk.path("1.pdf"));
    assert_eq!(report["signatures"][0]["signer"]["kind"], "organisation");
    let unknown = [options.as_slice(), &["--certificate", "KeToan"]].concat();
    drawer.assert_nothing_written(2, &unknown, "0.pdf");
}

#[test]
fn a_module_that_is_none_is_named() {
    let desk = Desk::new();
    let garbage = desk.put("garbage.so", b"no module");
    let missing = desk.path("missing.so");
    let (input, output) = (desk.path("0.pdf"), desk.path("1.pdf"));
    for module in [&garbage, &missing] {
        let ran = run(
            "sign",
            arguments![
                "--module",
                module,
                "--pin-file",
                NO_PIN,
                "--field",
                "X",
                &input,
                &output
            ],
        );
        ran.assert_one_line("sign", 2);
        let name = module.file_name().and_then(OsStr::to_str).unwrap();
        assert!(ran.complained.contains(name), "{ran:?}");
        assert!(!output.exists());
    }
}

/// Without `--module` the program looks where modules are.
#[test]
fn the_module_is_found_when_it_is_not_named() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let label = Role::SchoolSeal.label();
    let (input, output): (PathBuf, PathBuf) =
        (drawer.desk.path("0.pdf"), drawer.desk.path("1.pdf"));
    let run = program("sign")
        .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
        .env("SCHOOL_PIN", TEST_PIN)
        .args([
            "--token",
            label,
            "--pin-env",
            "SCHOOL_PIN",
            "--field",
            label,
            "--at",
            NOW,
        ])
        .args([&input, &output])
        .output();
    Ran::from(run.unwrap()).assert_signed();
    assert_eq!(states(&report(&output)), ["ConDau intact whole-file none"]);
}
