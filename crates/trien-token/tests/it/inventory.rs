//! What is on a token, and which key belongs to which certificate.

use openssl::nid::Nid;
use openssl::pkey::{PKeyRef, Private};
use trien_token::{
    CertificateSelector, FinalTry, Inventory, KeyLink, Module, Pin, PinSource, PrivateKeys, Token,
    TokenCertificate, TokenError, TokenKey,
};
use trien_types::SigningKey;

use crate::certificates::{Authority, ec, rsa};
use crate::hsm::{PIN, PublicKey, Traits};
use crate::isolation::{Place, on_tokens, this_test};

fn pin() -> PinSource {
    PinSource::Pin(Pin::from_text(PIN.into()).unwrap())
}

fn token(place: &Place) -> Token {
    Module::load(&place.softhsm)
        .unwrap()
        .token_labelled("T")
        .unwrap()
}

fn open(token: &Token, label: &str) -> Result<TokenKey, TokenError> {
    token.open_key(
        &CertificateSelector::Label(label.into()),
        pin(),
        FinalTry::Refuse,
    )
}

fn labelled<'a>(inventory: &'a Inventory, label: &str) -> &'a TokenCertificate {
    inventory
        .certificates
        .iter()
        .find(|certificate| certificate.label == label)
        .unwrap()
}

/// A signature is the proof that the key found is the certificate's: it was verified under it.
fn signs(key: &mut TokenKey) {
    let scheme = key.schemes()[0];
    key.sign(scheme, b"signed attributes").unwrap();
}

#[test]
fn certificates_are_listed_without_a_pin_and_their_keys_as_hidden() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            let key = rsa(2048);
            let certificate = authority.certify("Con dấu", &key).to_der().unwrap();
            filler.keep("certificate", &certificate);
            token.certificate("seal", b"\x01", &certificate);
            token.key(&key, Traits::id(b"\x01"));
            token.certificate("issuer", b"", &authority.der());
            let bare = ec(Nid::X9_62_PRIME256V1);
            let traits = Traits {
                public_key: PublicKey::Absent,
                ..Traits::id(b"\x02")
            };
            token.key(&bare, traits);
            token.certificate(
                "bare",
                b"\x02",
                &authority.certify("Giáo viên", &bare).to_der().unwrap(),
            );
        },
        |place| {
            let inventory = token(place).inventory().unwrap();
            assert_eq!(inventory.private_keys, PrivateKeys::HiddenUntilLogin);
            assert_eq!(inventory.certificates.len(), 3);
            let seal = labelled(&inventory, "seal");
            assert_eq!(seal.der, place.read("certificate"));
            assert_eq!(seal.key_id, b"\x01");
            assert_eq!(seal.key_link, KeyLink::Expected);
            assert_eq!(labelled(&inventory, "bare").key_link, KeyLink::Hidden);
            assert_eq!(seal.id.as_octets(), &openssl::sha::sha256(&seal.der));
        },
    );
}

#[test]
fn before_login_the_issuers_beside_a_certificate_are_no_signers() {
    on_tokens(
        this_test!(),
        |filler| {
            let root = Authority::root("Root CA");
            let authority = root.below("CA");
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            // As drivers of the field leave it: no public key objects, issuers beside the seal.
            let traits = Traits {
                public_key: PublicKey::Absent,
                ..Traits::id(b"\x01")
            };
            token.key(&key, traits);
            let seal = authority.certify("Con dấu", &key).to_der().unwrap();
            token.certificate("root", b"", &root.der());
            token.certificate("issuer", b"", &authority.der());
            token.certificate("seal", b"\x01", &seal);
        },
        |place| {
            let token = token(place);
            let inventory = token.inventory().unwrap();
            assert_eq!(inventory.private_keys, PrivateKeys::HiddenUntilLogin);
            assert_eq!(labelled(&inventory, "seal").key_link, KeyLink::Hidden);
            let signing: Vec<_> = inventory
                .signing_certificates()
                .map(|found| &found.label)
                .collect();
            assert_eq!(signing, ["seal"]);
            signs(&mut open(&token, "seal").unwrap());
        },
    );
}

#[test]
fn after_login_keys_without_certificate_and_certificates_without_key_show() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            token.certificate(
                "seal",
                b"\x01",
                &authority.certify("S", &key).to_der().unwrap(),
            );
            token.key(&key, Traits::id(b"\x01"));
            token.key(&ec(Nid::SECP384R1), Traits::id(b"\x09"));
            let lost = authority.certify("Lost", &rsa(2048)).to_der().unwrap();
            token.certificate("lost", b"\x05", &lost);
        },
        |place| {
            let token = token(place);
            let key = open(&token, "seal").unwrap();
            let inventory = token.inventory().unwrap();
            assert_eq!(inventory.private_keys, PrivateKeys::Visible);
            assert_eq!(labelled(&inventory, "seal").key_link, KeyLink::ById);
            assert_eq!(labelled(&inventory, "lost").key_link, KeyLink::Missing);
            let without: Vec<_> = inventory
                .certificates_without_key()
                .map(|found| &found.label)
                .collect();
            assert_eq!(without, ["lost"]);
            let signing: Vec<_> = inventory
                .signing_certificates()
                .map(|found| &found.label)
                .collect();
            assert_eq!(signing, ["seal"]);
            assert_eq!(inventory.keys_without_certificate.len(), 1);
            assert_eq!(inventory.keys_without_certificate[0].key_id, b"\x09");
            drop(key);

            let error = open(&token, "lost").unwrap_err();
            assert!(matches!(error, TokenError::KeyMissing(_)), "{error}");
            // Dropping the key logged out.
            let inventory = token.inventory().unwrap();
            assert_eq!(inventory.private_keys, PrivateKeys::HiddenUntilLogin);
            assert!(inventory.keys_without_certificate.is_empty());
        },
    );
}

#[test]
fn a_key_with_another_id_is_found_by_its_public_key() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            for (label, key) in [("rsa", rsa(2048)), ("ec", ec(Nid::SECP521R1))] {
                let id = [label.as_bytes(), b"-key"].concat();
                token.key(&key, Traits::id(&id));
                let certificate = authority.certify(label, &key).to_der().unwrap();
                token.certificate(label, b"another id", &certificate);
            }
        },
        |place| {
            for label in ["rsa", "ec"] {
                let mut key = open(&token(place), label).unwrap();
                assert_eq!(key.key_link(), KeyLink::ByPublicKey, "{label}");
                signs(&mut key);
            }
        },
    );
}

#[test]
fn two_keys_with_exchanged_ids_are_told_apart_by_their_public_keys() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            let (first, second) = (rsa(2048), rsa(2048));
            token.key(&first, Traits::id(b"\x01"));
            token.key(&second, Traits::id(b"\x02"));
            let certify = |key: &PKeyRef<Private>| authority.certify("S", key).to_der().unwrap();
            token.certificate("first", b"\x02", &certify(&first));
            token.certificate("second", b"\x01", &certify(&second));
        },
        |place| {
            for label in ["first", "second"] {
                let mut key = open(&token(place), label).unwrap();
                assert_eq!(key.key_link(), KeyLink::ByPublicKey);
                signs(&mut key);
            }
        },
    );
}

#[test]
fn an_id_that_leads_to_another_key_is_a_conflict_not_a_signature() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            token.key(&rsa(2048), Traits::id(b"\x01"));
            let stranger = authority.certify("S", &rsa(2048)).to_der().unwrap();
            token.certificate("seal", b"\x01", &stranger);
        },
        |place| {
            let error = open(&token(place), "seal").unwrap_err();
            assert!(matches!(error, TokenError::KeyConflicts(_)), "{error}");
        },
    );
}

#[test]
fn a_sole_key_without_id_is_taken_and_what_it_signs_is_verified() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            // A private key on a curve shows no public part.
            let key = ec(Nid::X9_62_PRIME256V1);
            token.key(
                &key,
                Traits {
                    public_key: PublicKey::Absent,
                    ..Traits::id(b"")
                },
            );
            let certify = |key: &PKeyRef<Private>| authority.certify("S", key).to_der().unwrap();
            token.certificate("seal", b"\x01", &certify(&key));
            token.certificate("stranger", b"", &certify(&ec(Nid::X9_62_PRIME256V1)));
            token.certificate("other type", b"", &certify(&rsa(2048)));
        },
        |place| {
            let token = token(place);
            let mut key = open(&token, "seal").unwrap();
            assert_eq!(key.key_link(), KeyLink::SoleKey);
            signs(&mut key);
            drop(key);

            // The same key would be taken for another certificate; verification stops its value.
            let mut key = open(&token, "stranger").unwrap();
            assert_eq!(key.key_link(), KeyLink::SoleKey);
            let scheme = key.schemes()[0];
            let error = key.sign(scheme, b"signed attributes").unwrap_err();
            let source = std::error::Error::source(&error).unwrap();
            assert!(
                matches!(source.downcast_ref(), Some(TokenError::SignatureWrong(_))),
                "{source}"
            );
            drop(key);

            let error = open(&token, "other type").unwrap_err();
            assert!(matches!(error, TokenError::KeyMissing(_)), "{error}");
        },
    );
}

#[test]
fn one_of_two_keys_without_id_is_never_taken_by_position() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            let hidden = Traits {
                public_key: PublicKey::Absent,
                ..Traits::id(b"")
            };
            token.key(&key, hidden);
            token.key(&ec(Nid::X9_62_PRIME256V1), hidden);
            token.certificate(
                "seal",
                b"\x01",
                &authority.certify("S", &key).to_der().unwrap(),
            );
        },
        |place| {
            let error = open(&token(place), "seal").unwrap_err();
            assert!(matches!(error, TokenError::KeyMissing(_)), "{error}");
        },
    );
}

#[test]
fn the_only_certificate_with_a_key_is_chosen_and_two_are_too_many() {
    on_tokens(
        this_test!(),
        |filler| {
            let root = Authority::root("Root");
            let issuing = root.below("Issuing");
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            let certificate = issuing.certify("S", &key).to_der().unwrap();
            // The issuer stands first on the token, the root is not on it.
            token.certificate("issuing", b"", &issuing.der());
            token.certificate("seal", b"\x01", &certificate);
            token.certificate("seal again", b"\x01", &certificate);
            token.key(&key, Traits::id(b"\x01"));
            let double = filler.token("double");
            for id in [b"\x01", b"\x02"] {
                let key = ec(Nid::X9_62_PRIME256V1);
                double.key(&key, Traits::id(id));
                double.certificate("seal", id, &issuing.certify("S", &key).to_der().unwrap());
            }
            filler.keep("signer", &certificate);
            filler.keep("issuing", &issuing.der());
            filler.keep("root", &root.der());
        },
        |place| {
            let only = CertificateSelector::Only;
            let key = token(place)
                .open_key(&only, pin(), FinalTry::Refuse)
                .unwrap();
            let expected = [place.read("signer"), place.read("issuing")];
            assert_eq!(key.certificate_path(), expected);
            let stranger = Authority::root("Root");
            let key = key.with_issuers([stranger.der(), place.read("root")]);
            let expected = [&expected[..], &[place.read("root")]].concat();
            assert_eq!(key.certificate_path(), expected);

            let double = Module::load(&place.softhsm)
                .unwrap()
                .token_labelled("double")
                .unwrap();
            let error = double.open_key(&only, pin(), FinalTry::Refuse).unwrap_err();
            let TokenError::CertificateNotUnique { candidates } = error else {
                panic!("{error}")
            };
            assert_eq!(candidates.len(), 2);
            let exact = CertificateSelector::Id(candidates[1]);
            let mut key = double.open_key(&exact, pin(), FinalTry::Refuse).unwrap();
            assert_eq!(key.certificate_id(), candidates[1]);
            signs(&mut key);
        },
    );
}
