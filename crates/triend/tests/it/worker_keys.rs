//! Listing, opening keys and signing through worker processes, on `SoftHSM` tokens.

use std::time::Duration;

use trien_testkit::pki::Role;
use trien_testkit::tokens::{ContextLogin, TEST_PIN, TokenPlan};
use trien_token::{FinalTry, PinSource, PinState, VerificationKey, digest_of};
use trien_types::{CertificateId, SignatureScheme, SigningKey as _};
use triend::token_worker::TokenServiceError;

use crate::worker_softhsm::{Drawer, id, open, pin, plan};

#[test]
fn every_signer_is_listed_with_path_and_schemes_and_without_a_pin() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let reports = service.tokens();
    let [module] = reports.as_slice() else {
        panic!("{reports:?}")
    };
    assert_eq!(module.path, drawer.tokens.module_path);
    let tokens = module.tokens.as_ref().unwrap();
    assert_eq!(tokens.len(), Role::SIGNERS.len());
    for role in Role::SIGNERS {
        let token = tokens
            .iter()
            .find(|token| token.label == role.label())
            .unwrap();
        assert_eq!(token.pin_state, PinState::Initialised);
        let signing: Vec<_> = token.signing_certificates().collect();
        let [certificate] = signing.as_slice() else {
            panic!("{role:?}: {signing:?}")
        };
        assert_eq!(certificate.id, id(role));
        assert_eq!(certificate.certificate_path.len(), 2);
        assert!(!certificate.schemes.is_empty());
        // The issuer's certificate is there as well, and is no signer's.
        assert_eq!(token.certificates.as_ref().unwrap().len(), 2);
    }
}

#[test]
fn every_scheme_signs_messages_and_digests() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let message = b"signed attributes";
    for role in Role::SIGNERS {
        let mut key = open(&service, role).unwrap();
        assert_eq!(key.certificate_id(), id(role));
        let path = key.certificate_path().to_vec();
        let verification = VerificationKey::of_certificate(&path[0]).unwrap();
        for scheme in key.schemes().to_vec() {
            let value = key.sign(scheme, message).unwrap();
            assert!(verification.verifies(scheme, message, &value).unwrap());
            // Longer than goes over whole.
            let long = vec![7; 300_000];
            let value = key.sign(scheme, &long).unwrap();
            assert!(verification.verifies(scheme, &long, &value).unwrap());
        }
        assert!(!key.digest_schemes().is_empty());
        for scheme in key.digest_schemes().to_vec() {
            let digest = digest_of(scheme, message).unwrap().unwrap();
            let value = key.sign_digest(scheme, &digest).unwrap();
            assert!(verification.verifies(scheme, message, &value).unwrap());
        }
    }
}

#[test]
fn several_signatures_may_be_under_way_and_keep_their_order() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let key = open(&service, Role::Principal).unwrap();
    let scheme = key.schemes()[0];
    let messages: Vec<Vec<u8>> = (0..200_u32)
        .map(|number| number.to_be_bytes().to_vec())
        .collect();
    let pending: Vec<_> = messages
        .iter()
        .map(|message| key.start(scheme, message).unwrap())
        .collect();
    let verification = VerificationKey::of_certificate(&key.certificate_path()[0]).unwrap();
    for (message, pending) in messages.iter().zip(pending) {
        let value = pending.wait().unwrap();
        assert!(verification.verifies(scheme, message, &value).unwrap());
    }
}

#[test]
fn a_wrong_pin_is_tried_once_and_lowers_the_count_that_is_shown() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let wrong = service.open_key(&id(Role::Principal), pin("00000000"), FinalTry::Refuse);
    let error = wrong.unwrap_err();
    assert!(
        matches!(
            error,
            TokenServiceError::PinIncorrect {
                state: PinState::CountLow
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.code(), "token.pin_incorrect");
    let states: Vec<_> = service
        .tokens()
        .iter()
        .flat_map(|module| module.tokens().cloned().collect::<Vec<_>>())
        .map(|token| (token.label, token.pin_state))
        .collect();
    for (label, state) in states {
        // No other token was tried.
        let expected = if label == Role::Principal.label() {
            PinState::CountLow
        } else {
            PinState::Initialised
        };
        assert_eq!(state, expected, "{label}");
    }
    let key = open(&service, Role::Principal).unwrap();
    assert_eq!(key.pin_state_before_login(), PinState::CountLow);
}

#[test]
fn a_pin_of_the_wrong_length_has_an_error_of_its_own() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let short = service.open_key(&id(Role::Principal), pin("12"), FinalTry::Refuse);
    let error = short.unwrap_err();
    assert!(
        matches!(
            error,
            TokenServiceError::PinLength { .. } | TokenServiceError::PinIncorrect { .. }
        ),
        "{error:?}"
    );
}

#[test]
fn one_key_is_open_per_token_and_the_next_job_waits_no_longer_than_told() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let first = open(&service, Role::Principal).unwrap();
    let second = service.open_key_within(
        &id(Role::Principal),
        pin(TEST_PIN),
        FinalTry::Refuse,
        Duration::from_millis(50),
    );
    assert!(matches!(second, Err(TokenServiceError::Busy { .. })));
    // Another token of the same module is free.
    let other = open(&service, Role::SchoolSeal).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            service.open_key_within(
                &id(Role::Principal),
                pin(TEST_PIN),
                FinalTry::Refuse,
                Duration::from_secs(600),
            )
        });
        std::thread::sleep(Duration::from_millis(50));
        drop(first);
        waiting.join().unwrap().unwrap();
    });
    drop(other);
}

#[test]
fn clones_sign_from_several_threads_and_the_last_one_logs_out() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let key = open(&service, Role::Principal).unwrap();
    let scheme = key.schemes()[0];
    std::thread::scope(|scope| {
        for number in 0..4_u8 {
            let mut own = key.clone();
            scope.spawn(move || {
                let verification =
                    VerificationKey::of_certificate(&own.certificate_path()[0]).unwrap();
                for count in 0..25_u8 {
                    let message = [number, count];
                    let value = own.sign(scheme, &message).unwrap();
                    assert!(verification.verifies(scheme, &message, &value).unwrap());
                }
            });
        }
    });
    let busy = service.open_key_within(
        &id(Role::Principal),
        pin(TEST_PIN),
        FinalTry::Refuse,
        Duration::ZERO,
    );
    assert!(matches!(busy, Err(TokenServiceError::Busy { .. })));
    drop(key);
    open(&service, Role::Principal).unwrap();
}

#[test]
fn a_key_that_asks_for_the_pin_before_each_signature_gets_it_for_its_job_alone() {
    let identity = crate::school::pki().identity(Role::Principal).unwrap();
    let plan = TokenPlan::new("Asks", TEST_PIN)
        .with_identity(identity, ContextLogin::Asked)
        .unwrap();
    let Some(drawer) = Drawer::with(&[plan]) else {
        return;
    };
    let service = drawer.service();
    let key = open(&service, Role::Principal).unwrap();
    let scheme = key.schemes()[0];
    for message in [b"1", b"2", b"3"] {
        key.sign_message(scheme, message).unwrap();
    }
    drop(key);
    let wrong = service.open_key(&id(Role::Principal), pin("00000000"), FinalTry::Refuse);
    assert!(matches!(wrong, Err(TokenServiceError::PinIncorrect { .. })));
}

#[test]
fn a_token_without_a_pad_needs_a_pin() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let padless = drawer.service().open_key(
        &id(Role::Principal),
        PinSource::ProtectedAuthenticationPath,
        FinalTry::Refuse,
    );
    assert!(matches!(
        padless,
        Err(TokenServiceError::ProtectedPathMissing)
    ));
}

#[test]
fn a_key_that_vanishes_from_its_token_is_told() {
    let Some(drawer) = Drawer::with(&[plan(Role::Principal)]) else {
        return;
    };
    let service = drawer.service();
    let key = open(&service, Role::Principal).unwrap();
    let scheme = key.schemes()[0];
    key.sign_message(scheme, b"1").unwrap();
    let tokens = drawer.path().join("tokens");
    let aside = drawer.path().join("pulled");
    std::fs::rename(&tokens, &aside).unwrap();
    let error = key.sign_message(scheme, b"2").unwrap_err();
    assert!(
        matches!(error, TokenServiceError::TokenRemoved),
        "{error:?}"
    );
    drop(key);
    std::fs::rename(&aside, &tokens).unwrap();
    let key = open(&service, Role::Principal).unwrap();
    key.sign_message(scheme, b"3").unwrap();
}

#[test]
fn a_certificate_on_no_token_costs_no_pin() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let unknown = CertificateId::from_sha256([7; 32]);
    let missing = service.open_key(&unknown, pin("00000000"), FinalTry::Refuse);
    assert!(matches!(
        missing,
        Err(TokenServiceError::CertificateNotFound(id)) if id == unknown
    ));
    let key = open(&service, Role::Principal).unwrap();
    assert_eq!(key.pin_state_before_login(), PinState::Initialised);
}

#[test]
fn a_scheme_that_is_not_the_keys_is_refused_before_the_token_is_asked() {
    let Some(drawer) = Drawer::of_school() else {
        return;
    };
    let service = drawer.service();
    let key = open(&service, Role::Principal).unwrap();
    let refused = key.sign_message(SignatureScheme::Ed448, b"message");
    assert!(matches!(
        refused,
        Err(TokenServiceError::SchemeUnsupported(SignatureScheme::Ed448))
    ));
    let scheme = key.digest_schemes()[0];
    let other = key
        .digest_schemes()
        .iter()
        .copied()
        .find(|other| other.digest_algorithm() != scheme.digest_algorithm());
    if let Some(other) = other {
        let digest = digest_of(other, b"message").unwrap().unwrap();
        assert!(key.sign_digest(scheme, &digest).is_err());
    }
}
