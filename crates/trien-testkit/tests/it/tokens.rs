//! Filled tokens as SoftHSM's own tool and OpenSC list them.

use std::path::PathBuf;
use std::process::Command;

use trien_testkit::pki::{CertificatePlan, KeyKind, Role};
use trien_testkit::tokens::{
    CONFIG_VARIABLE, ContextLogin, FillRequest, Filler, TEST_PIN, TokenError, TokenPlan, TokenSet,
    fill_if_asked,
};

use crate::judge::printed;
use crate::pki::test_pki;

/// Run again by the tests below as the child process that fills; nothing to do otherwise.
#[test]
fn filler() {
    let request = fill_if_asked().unwrap();
    let asked = std::env::var_os("TRIEN_TESTKIT_FILL").is_some();
    assert_eq!(request == FillRequest::Filled, asked);
}

fn program() -> Filler {
    Filler::Program(PathBuf::from(env!("CARGO_BIN_EXE_softhsm-fill")))
}

/// `None`, said aloud, without SoftHSM.
#[expect(clippy::print_stderr, reason = "a skip must be seen")]
fn unless_missing(made: Result<TokenSet, TokenError>) -> Option<TokenSet> {
    match made {
        Err(TokenError::ModuleMissing) => {
            eprintln!("SKIPPED: softhsm2 is not installed");
            None
        }
        made => Some(made.unwrap()),
    }
}

fn list(set: &TokenSet, program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .env(CONFIG_VARIABLE, &set.config_path)
        .args(arguments)
        .output();
    #[expect(clippy::print_stderr, reason = "a skipped judge must be seen")]
    let Ok(output) = output else {
        eprintln!("SKIPPED: {program} is not installed");
        return None;
    };
    let text = printed(&output);
    assert!(output.status.success(), "{text}");
    Some(text)
}

#[test]
fn every_signer_of_the_school_gets_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let pki = test_pki();
    let Some(set) = unless_missing(TokenSet::of_school(folder.path(), &pki, &program())) else {
        return;
    };
    assert_eq!(set.pin(Role::SchoolSeal), Some(TEST_PIN));
    assert!(!format!("{set:?}").contains(TEST_PIN));
    if let Some(slots) = list(&set, "softhsm2-util", &["--show-slots"]) {
        for role in Role::SIGNERS {
            assert!(slots.contains(role.label()), "{slots}");
        }
    }
    let module = set.module_path.to_str().unwrap();
    let arguments = [
        "--module",
        module,
        "--token-label",
        "ConDau",
        "--login",
        "--pin",
        TEST_PIN,
        "-O",
    ];
    if let Some(objects) = list(&set, "pkcs11-tool", &arguments) {
        assert!(objects.contains("Private Key Object; RSA"), "{objects}");
        assert_eq!(objects.matches("Certificate Object").count(), 2);
        assert!(objects.contains("GovernmentAuthority"), "{objects}");
    }
}

#[test]
fn the_running_test_program_can_be_the_filler_and_every_token_key_kind_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let pki = test_pki();
    let mut plans = Vec::new();
    for kind in [
        KeyKind::Rsa3072,
        KeyKind::P256,
        KeyKind::P384,
        KeyKind::P521,
        KeyKind::Ed25519,
    ] {
        let plan = CertificatePlan::of(Role::Principal).with_key(kind);
        let identity = pki.issue("Principal-variant", &plan).unwrap();
        plans.push(
            TokenPlan::new(kind.name(), "0000")
                .with_identity(&identity, ContextLogin::Asked)
                .unwrap(),
        );
    }
    let filler = Filler::TestOfThisProgram("tokens::filler");
    let Some(set) = unless_missing(TokenSet::make(folder.path(), &plans, &filler)) else {
        return;
    };
    let module = set.module_path.to_str().unwrap();
    let message = folder.path().join("message");
    std::fs::write(&message, [7; 32]).unwrap();
    let value = folder.path().join("value");
    for (label, mechanism) in [
        ("rsa3072", "SHA256-RSA-PKCS"),
        ("p256", "ECDSA"),
        ("p384", "ECDSA"),
        ("p521", "ECDSA"),
        ("ed25519", "EDDSA"),
    ] {
        let arguments = [
            "--module",
            module,
            "--token-label",
            label,
            "--login",
            "--pin",
            "0000",
            "--sign",
            "--mechanism",
            mechanism,
            "-i",
            message.to_str().unwrap(),
            "-o",
            value.to_str().unwrap(),
        ];
        list(&set, "pkcs11-tool", &arguments);
    }
}

#[test]
fn a_filler_that_fails_is_reported_with_what_it_printed() {
    let folder = tempfile::tempdir().unwrap();
    let plan = TokenPlan::new("short", "1");
    let made = TokenSet::make(folder.path(), &[plan], &program());
    let Err(TokenError::FillerFailed { status, printed }) = made else {
        assert!(matches!(made, Err(TokenError::ModuleMissing)), "{made:?}");
        return;
    };
    assert_eq!(status, Some(1));
    assert!(printed.contains("short"), "{printed}");
}
