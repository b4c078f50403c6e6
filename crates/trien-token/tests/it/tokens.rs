//! Tokens of a module: listing and choosing.

use trien_token::{LoginRequirement, Module, PinState, ProtectedAuthenticationPath, TokenError};

use crate::isolation::{on_tokens, this_test};

#[test]
fn two_tokens_are_told_apart_by_label_and_serial_number() {
    on_tokens(
        this_test!(),
        |filler| {
            filler.token("Giáo viên");
            filler.token("Con dấu");
        },
        |place| {
            let module = Module::load(&place.softhsm).unwrap();
            let mut labels: Vec<_> = module
                .tokens()
                .unwrap()
                .iter()
                .map(|token| token.info().label.clone())
                .collect();
            labels.sort();
            assert_eq!(labels, ["Con dấu", "Giáo viên"]);

            let token = module.token_labelled("Con dấu").unwrap();
            assert_eq!(token.info().manufacturer, "SoftHSM project");
            assert_eq!(token.info().model, "SoftHSM v2");
            assert_eq!(token.info().pin_state, PinState::Initialised);
            assert_eq!(token.info().login, LoginRequirement::Required);
            assert_eq!(
                token.info().protected_authentication_path,
                ProtectedAuthenticationPath::Absent
            );
            let other = module.token_labelled("Giáo viên").unwrap();
            assert_ne!(token.info().serial_number, other.info().serial_number);

            let error = module.token_labelled("Hiệu trưởng").unwrap_err();
            assert!(error.to_string().contains("Giáo viên"), "{error}");
        },
    );
}

#[test]
fn a_label_that_two_tokens_bear_chooses_neither() {
    on_tokens(
        this_test!(),
        |filler| {
            filler.token("Con dấu");
            filler.token("Con dấu");
        },
        |place| {
            let module = Module::load(&place.softhsm).unwrap();
            let error = module.token_labelled("Con dấu").unwrap_err();
            let TokenError::TokenNotUnique { serial_numbers } = error else {
                panic!("{error}")
            };
            assert_eq!(serial_numbers.len(), 2);
        },
    );
}

#[test]
fn a_reader_without_a_prepared_token_counts_as_no_token() {
    on_tokens(
        this_test!(),
        |_| {},
        |place| {
            let module = Module::load(&place.softhsm).unwrap();
            assert_eq!(module.tokens().unwrap().len(), 0);
            let error = module.token_labelled("Con dấu").unwrap_err();
            assert_eq!(error.to_string(), "no token is plugged in");
        },
    );
}

#[test]
fn a_module_is_loaded_once_and_serves_all_threads() {
    on_tokens(
        this_test!(),
        |filler| {
            filler.token("Con dấu");
        },
        |place| {
            let first = Module::load(&place.softhsm).unwrap();
            // Another path to the same file.
            let link = place.directory.join("link.so");
            std::os::unix::fs::symlink(&place.softhsm, &link).unwrap();
            let second = Module::load(&link).unwrap();
            assert_eq!(first.path(), second.path());
            std::thread::scope(|scope| {
                for module in [&first, &second, &first, &second] {
                    scope.spawn(|| {
                        for _ in 0..50 {
                            assert_eq!(module.tokens().unwrap().len(), 1);
                        }
                    });
                }
            });
        },
    );
}
