//! The real road: keys on SoftHSM tokens, as a school has them. SoftHSM reads its configuration
//! when it is loaded, so each test fills tokens and walks in a child process that has it.

use std::path::{Path, PathBuf};
use std::process::Command;

use trien::token::{CertificateSelector, FinalTry, Module, Pin, PinSource, Token};
use trien::{Document, Limits, MappedFile, SignatureRequest, SigningKey as _, WhereShown, propose};
use trien_testkit::pki::Role;
use trien_testkit::structures::{Structure, write};
use trien_testkit::tokens::{
    CONFIG_VARIABLE, Filler, TEST_PIN, TokenError, TokenSet, fill_if_asked, softhsm_module,
};

use crate::judges::Case;
use crate::school::{
    SIGNED_AT, SIGNERS, assert_accepted, assert_sound, drawing, empty_page, pki, plain_record, sign,
};

/// Set for the child process; where it may write.
const FOLDER: &str = "TRIEN_TEST_TOKENS_FOLDER";

/// Run again as the child process that fills tokens; nothing to do otherwise.
#[test]
fn filler() {
    fill_if_asked().unwrap();
}

/// Runs `body` in a process of its own with the school's tokens. `test` is the name of the test
/// that calls this.
fn on_tokens(test: &str, body: fn(&Path)) {
    if let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) {
        body(&folder);
        std::fs::write(folder.join("walked"), b"").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let filler = Filler::TestOfThisProgram("tokens::filler");
    let set = match TokenSet::of_school(&folder.path().join("softhsm"), pki(), &filler) {
        Err(TokenError::ModuleMissing) => {
            println!("SKIPPED: softhsm2 is not installed");
            return;
        }
        set => set.unwrap(),
    };
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CONFIG_VARIABLE, &set.config_path)
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let complained = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}\n{complained}");
    // A name that fits no test succeeds as well.
    assert!(folder.path().join("walked").exists(), "{said}");
    for line in said.lines().filter(|line| line.starts_with("SKIPPED: ")) {
        println!("{line}");
    }
}

fn token(module: &Module, role: Role) -> Token {
    module.token_labelled(role.label()).unwrap()
}

fn pin() -> PinSource {
    PinSource::Pin(Pin::from_text(TEST_PIN.to_owned()).unwrap())
}

#[test]
fn a_record_is_signed_countersigned_and_sealed_with_three_tokens() {
    on_tokens(
        "tokens::a_record_is_signed_countersigned_and_sealed_with_three_tokens",
        |folder| {
            let Some(record) = plain_record(Structure::ObjectStreams) else {
                return;
            };
            let module = Module::load(&softhsm_module().unwrap()).unwrap();
            let mut input = folder.join("0.pdf");
            std::fs::write(&input, record).unwrap();
            for (number, role) in SIGNERS.into_iter().enumerate() {
                let file = MappedFile::open(&input).unwrap();
                let document = Document::open(&file, &Limits::default()).unwrap();
                let token = token(&module, role);
                let mark = drawing(120.0, 60.0).unwrap();
                let place = WhereShown::on_page(1, (30.0 + 150.0 * number as f32, 40.0), mark);
                let request = SignatureRequest::new(role.label(), SIGNED_AT).shown(place);
                // The rules are asked with the certificate alone, before the PIN is.
                let inventory = token.inventory().unwrap();
                let certificates: Vec<_> = inventory.signing_certificates().collect();
                assert_eq!(certificates.len(), 1);
                propose(&document, &certificates[0].der, request.clone()).unwrap();
                let mut key = token
                    .open_key(&CertificateSelector::Only, pin(), FinalTry::Refuse)
                    .unwrap();
                let output = folder.join(format!("{}.pdf", number + 1));
                let signed = trien::sign(&document, &mut key, request).unwrap();
                signed.write_to(&output, Some(&input)).unwrap();
                input = output;
            }
            let file = std::fs::read(&input).unwrap();
            let fields = SIGNERS.map(Role::label);
            assert_sound(&file, &fields, "three tokens");
            assert_accepted(&[Case::new("three tokens", file, &fields)], &[]);
        },
    );
}

#[test]
fn a_hundred_records_are_signed_with_one_log_in() {
    on_tokens(
        "tokens::a_hundred_records_are_signed_with_one_log_in",
        |_| {
            let module = Module::load(&softhsm_module().unwrap()).unwrap();
            let token = token(&module, Role::Principal);
            // The PIN is moved into the key and asked for nowhere else.
            let mut key = token
                .open_key(&CertificateSelector::Only, pin(), FinalTry::Refuse)
                .unwrap();
            let file = write(&empty_page(), Structure::ClassicTable);
            let scheme = key.schemes()[0];
            for number in 0..100 {
                let time = SIGNED_AT.plus_seconds(number);
                let request = SignatureRequest::new("HieuTruong", time).under(scheme);
                let signed = sign(&file, &mut key, request).unwrap();
                assert_sound(&signed, &["HieuTruong"], &format!("record {number}"));
            }
        },
    );
}

#[test]
fn a_token_and_a_soft_key_of_the_same_key_make_the_same_octets() {
    on_tokens(
        "tokens::a_token_and_a_soft_key_of_the_same_key_make_the_same_octets",
        |_| {
            let module = Module::load(&softhsm_module().unwrap()).unwrap();
            let mut of_token = token(&module, Role::SchoolSeal)
                .open_key(&CertificateSelector::Only, pin(), FinalTry::Refuse)
                .unwrap();
            // The token holds the issuing authority and not the root.
            let identity = pki().identity(Role::SchoolSeal).unwrap();
            let path = identity.path_der().unwrap();
            assert_eq!(of_token.certificate_path(), &path[..2]);
            let mut soft =
                trien::token::SoftKey::new(identity.key().to_owned(), &path[..2]).unwrap();
            let file = write(&empty_page(), Structure::ClassicTable);
            let request = || SignatureRequest::new("ConDau", SIGNED_AT);
            let by_token = sign(&file, &mut of_token, request()).unwrap();
            let by_file = sign(&file, &mut soft, request()).unwrap();
            assert!(by_token == by_file);
        },
    );
}
