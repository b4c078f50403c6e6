//! The PIN: one try, no try at all where it would be wasted, and nowhere to be read.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use openssl::nid::Nid;
use trien_token::{
    CertificateSelector, FinalTry, Module, Pin, PinSource, PinState, Token, TokenError, TokenKey,
};
use trien_types::{CertificateId, SigningKey, SigningKeyErrorKind};

use crate::certificates::{Authority, ec};
use crate::hsm::{
    Filler, PIN, PIN_FINAL_TRY, PIN_LOCKED, Traits, change_pin_beside, set_token_flags,
};
use crate::isolation::{Place, Setting, on_tokens, on_tokens_with, this_test};

const WRONG: &str = "Hoa-mai-2037";

fn pin(text: &str) -> PinSource {
    PinSource::Pin(Pin::from_text(text.into()).unwrap())
}

fn token(place: &Place) -> Token {
    Module::load(&place.softhsm)
        .unwrap()
        .token_labelled("T")
        .unwrap()
}

fn open(token: &Token, text: &str) -> Result<TokenKey, TokenError> {
    token.open_key(&CertificateSelector::Only, pin(text), FinalTry::Refuse)
}

fn fill(filler: &Filler) {
    let token = filler.token("T");
    let key = ec(Nid::X9_62_PRIME256V1);
    token.key(&key, Traits::id(b"\x01"));
    let certificate = Authority::root("CA").certify("S", &key).to_der().unwrap();
    token.certificate("seal", b"\x01", &certificate);
}

fn logins(place: &Place) -> usize {
    let calls = place.read("calls");
    String::from_utf8_lossy(&calls)
        .matches(": C_Login\n")
        .count()
}

fn signs(key: &mut TokenKey) {
    let scheme = key.schemes()[0];
    key.sign(scheme, b"signed attributes").unwrap();
}

#[test]
fn a_wrong_pin_is_tried_once_and_the_tokens_state_told() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(this_test!(), &setting, fill, |place| {
        let token = token(place);
        let error = open(&token, WRONG).unwrap_err();
        assert_eq!(logins(place), 1);
        assert!(matches!(
            error,
            TokenError::PinIncorrect {
                state: PinState::CountLow,
                ..
            }
        ));
        assert_eq!(
            error.to_string(),
            "C_Login: CKR_PIN_INCORRECT: the PIN was not accepted and not tried again; \
             the token reports that tries are used up"
        );
        assert_eq!(error.kind(), SigningKeyErrorKind::PinIncorrect);

        let mut key = open(&token, PIN).unwrap();
        assert_eq!(key.pin_state_before_login(), PinState::CountLow);
        signs(&mut key);
        drop(key);
        let key = open(&token, PIN).unwrap();
        assert_eq!(key.pin_state_before_login(), PinState::Initialised);
    });
}

#[test]
fn the_pin_is_not_used_when_the_certificate_is_not_on_the_token() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(this_test!(), &setting, fill, |place| {
        let token = token(place);
        for selector in [
            CertificateSelector::Id(CertificateId::from_sha256([7; 32])),
            CertificateSelector::Label("other".into()),
        ] {
            let error = token
                .open_key(&selector, pin(PIN), FinalTry::Refuse)
                .unwrap_err();
            let TokenError::CertificateNotFound { present } = error else {
                panic!("{error}")
            };
            assert_eq!(present.len(), 1);
        }
        token.inventory().unwrap();
        assert_eq!(logins(place), 0);
        let calls = place.read("calls");
        let calls = String::from_utf8_lossy(&calls);
        let count = |text: &str| calls.matches(text).count();
        assert_eq!(count(": C_OpenSession\n"), 3);
        // CKF_SERIAL_SESSION without CKF_RW_SESSION: read-only.
        assert_eq!(count("[in] flags = 0x4\n"), 3);
    });
}

#[test]
fn a_last_try_is_spent_only_when_accepted() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(this_test!(), &setting, fill, |place| {
        set_token_flags(&place.directory, PIN_FINAL_TRY);
        let token = token(place);
        assert_eq!(token.info().pin_state, PinState::FinalTry);
        let error = open(&token, PIN).unwrap_err();
        assert!(matches!(error, TokenError::FinalTryRefused), "{error}");
        assert_eq!(logins(place), 0);

        let accepted = FinalTry::AcceptFinalTry;
        let mut key = token
            .open_key(&CertificateSelector::Only, pin(PIN), accepted)
            .unwrap();
        assert_eq!(key.pin_state_before_login(), PinState::FinalTry);
        assert_eq!(logins(place), 1);
        signs(&mut key);
    });
}

#[test]
fn a_locked_token_is_not_asked() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(this_test!(), &setting, fill, |place| {
        set_token_flags(&place.directory, PIN_LOCKED | PIN_FINAL_TRY);
        let token = token(place);
        assert_eq!(token.info().pin_state, PinState::Locked);
        let accepted = FinalTry::AcceptFinalTry;
        let error = token
            .open_key(&CertificateSelector::Only, pin(PIN), accepted)
            .unwrap_err();
        assert!(
            matches!(error, TokenError::PinLocked { call: None }),
            "{error}"
        );
        assert_eq!(error.kind(), SigningKeyErrorKind::PinLocked);
        assert_eq!(logins(place), 0);
        // Certificates are still to be read.
        assert_eq!(token.inventory().unwrap().certificates.len(), 1);
    });
}

#[test]
fn a_pad_that_the_token_does_not_have_is_not_waited_for() {
    on_tokens(this_test!(), fill, |place| {
        let pad = PinSource::ProtectedAuthenticationPath;
        let error = token(place)
            .open_key(&CertificateSelector::Only, pad, FinalTry::Refuse)
            .unwrap_err();
        assert!(matches!(error, TokenError::ProtectedPathMissing), "{error}");
    });
}

/// PKCS#11 shares the login among all sessions of a program: a second job on the same token
/// would sign without having shown a PIN.
#[test]
fn a_second_job_cannot_ride_on_the_first_ones_login() {
    on_tokens(this_test!(), fill, |place| {
        let token = token(place);
        let mut key = open(&token, PIN).unwrap();
        for text in [WRONG, PIN] {
            let error = open(&token, text).unwrap_err();
            assert!(matches!(error, TokenError::TokenInUse), "{error}");
        }
        signs(&mut key);
        drop(key);
        assert!(matches!(
            open(&token, WRONG),
            Err(TokenError::PinIncorrect { .. })
        ));
        signs(&mut open(&token, PIN).unwrap());
    });
}

#[test]
fn a_key_moves_to_another_thread_and_logs_out_when_dropped_there() {
    on_tokens(this_test!(), fill, |place| {
        let token = token(place);
        let mut key = open(&token, PIN).unwrap();
        std::thread::spawn(move || signs(&mut key)).join().unwrap();
        assert!(matches!(
            open(&token, WRONG),
            Err(TokenError::PinIncorrect { .. })
        ));
    });
}

/// A key that asks each time, whose PIN other code changes in the middle of a batch: the
/// batch stops and the old PIN is not tried again.
#[test]
fn a_batch_stops_at_the_first_refusal() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(
        this_test!(),
        &setting,
        |filler| {
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            token.key(
                &key,
                Traits {
                    always_authenticate: true,
                    ..Traits::id(b"\x01")
                },
            );
            let certificate = Authority::root("CA").certify("S", &key).to_der().unwrap();
            token.certificate("seal", b"\x01", &certificate);
        },
        |place| {
            let mut key = open(&token(place), PIN).unwrap();
            let scheme = key.schemes()[0];
            key.sign(scheme, b"first").unwrap();
            assert_eq!(logins(place), 2);
            change_pin_beside(
                Path::new(&std::env::var_os("PKCS11SPY").unwrap()),
                PIN,
                WRONG,
            );
            let error = key.sign(scheme, b"second").unwrap_err();
            assert_eq!(error.kind(), SigningKeyErrorKind::PinIncorrect);
            assert_eq!(logins(place), 3);
            let error = key.sign(scheme, b"third").unwrap_err();
            let source = error.source().unwrap();
            assert!(
                matches!(source.downcast_ref(), Some(TokenError::SessionEnded)),
                "{source}"
            );
            assert_eq!(logins(place), 3);
        },
    );
}

#[test]
fn a_lock_in_the_middle_of_a_batch_is_seen_before_the_pin_is_used() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(
        this_test!(),
        &setting,
        |filler| {
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            token.key(
                &key,
                Traits {
                    always_authenticate: true,
                    ..Traits::id(b"\x01")
                },
            );
            let certificate = Authority::root("CA").certify("S", &key).to_der().unwrap();
            token.certificate("seal", b"\x01", &certificate);
        },
        |place| {
            let mut key = open(&token(place), PIN).unwrap();
            let scheme = key.schemes()[0];
            key.sign(scheme, b"first").unwrap();
            set_token_flags(&place.directory, PIN_LOCKED);
            let error = key.sign(scheme, b"second").unwrap_err();
            assert_eq!(error.kind(), SigningKeyErrorKind::PinLocked);
            assert_eq!(logins(place), 2);
        },
    );
}

#[test]
fn no_error_shows_a_pin() {
    on_tokens(this_test!(), fill, |place| {
        let token = token(place);
        let mut shown = String::new();
        let mut show = |error: &dyn Error| {
            let mut error = Some(error);
            while let Some(shown_now) = error {
                writeln!(shown, "{shown_now} {shown_now:?} {shown_now:#?}").unwrap();
                error = shown_now.source();
            }
        };
        show(&open(&token, WRONG).unwrap_err());
        let missing = CertificateSelector::Label("other".into());
        show(
            &token
                .open_key(&missing, pin(WRONG), FinalTry::Refuse)
                .unwrap_err(),
        );
        let too_long = Pin::from_text(WRONG.repeat(40));
        show(&too_long.unwrap_err());
        let mut key = open(&token, PIN).unwrap();
        show(&open(&token, WRONG).unwrap_err());
        let scheme = trien_types::SignatureScheme::Ed448;
        show(&key.sign(scheme, b"message").unwrap_err());
        drop(key);
        set_token_flags(&place.directory, PIN_LOCKED);
        show(&open(&token, WRONG).unwrap_err());
        writeln!(shown, "{:?} {:#?} {token:?}", pin(WRONG), pin(PIN)).unwrap();

        assert!(shown.lines().count() > 12);
        let octets = |text: &str| format!("{:?}", text.as_bytes());
        for text in [PIN, WRONG] {
            assert!(!shown.contains(text));
            let octets = octets(text);
            assert!(!shown.contains(octets.trim_matches(['[', ']'])));
        }
    });
}
