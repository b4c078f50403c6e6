//! Filling `SoftHSM` tokens through cryptoki, past the crate under test.

use std::path::{Path, PathBuf};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use openssl::bn::{BigNum, BigNumRef};
use openssl::nid::Nid;
use openssl::pkey::{PKey, PKeyRef, Private, Public};
use openssl::rsa::Rsa;

pub(crate) const PIN: &str = "Mai-hoa-7302";

/// DER of the object identifiers that name the curves.
const CURVES: [(Nid, &[u8]); 3] = [
    (
        Nid::X9_62_PRIME256V1,
        &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
    ),
    (Nid::SECP384R1, &[6, 5, 0x2b, 0x81, 4, 0, 0x22]),
    (Nid::SECP521R1, &[6, 5, 0x2b, 0x81, 4, 0, 0x23]),
];

/// Bits of `CK_TOKEN_INFO.flags`.
pub(crate) const PIN_FINAL_TRY: u64 = 0x0002_0000;
pub(crate) const PIN_LOCKED: u64 = 0x0004_0000;

pub(crate) struct Filler {
    pkcs11: Pkcs11,
    pub(crate) directory: PathBuf,
}

pub(crate) struct FilledToken {
    session: Session,
}

/// Whether a private key has its public key beside it on the token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublicKey {
    Absent,
    Present,
}

/// How a private key is put on a token.
#[derive(Clone, Copy)]
pub(crate) struct Traits<'a> {
    pub(crate) key_id: &'a [u8],
    pub(crate) always_authenticate: bool,
    pub(crate) public_key: PublicKey,
}

impl<'a> Traits<'a> {
    pub(crate) const fn id(key_id: &'a [u8]) -> Self {
        Self {
            key_id,
            always_authenticate: false,
            public_key: PublicKey::Present,
        }
    }
}

impl Filler {
    pub(crate) fn start(module: &Path, directory: &Path) -> Self {
        let pkcs11 = Pkcs11::new(module).unwrap();
        pkcs11
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .unwrap();
        Self {
            pkcs11,
            directory: directory.to_owned(),
        }
    }

    pub(crate) fn keep(&self, file: &str, octets: &[u8]) {
        std::fs::write(self.directory.join(file), octets).unwrap();
    }

    /// A new token with [`PIN`], logged in.
    pub(crate) fn token(&self, label: &str) -> FilledToken {
        let pin = |text: &str| AuthPin::new(text.into());
        let slots = self.pkcs11.get_slots_with_token().unwrap();
        let free = |slot: &cryptoki::slot::Slot| {
            !self
                .pkcs11
                .get_token_info(*slot)
                .unwrap()
                .token_initialized()
        };
        let slot = slots.into_iter().find(free).unwrap();
        self.pkcs11
            .init_token(slot, &pin("so-pin-4711"), label)
            .unwrap();
        let session = self.pkcs11.open_rw_session(slot).unwrap();
        session
            .login(UserType::So, Some(&pin("so-pin-4711")))
            .unwrap();
        session.init_pin(&pin(PIN)).unwrap();
        session.logout().unwrap();
        session.login(UserType::User, Some(&pin(PIN))).unwrap();
        FilledToken { session }
    }
}

impl FilledToken {
    pub(crate) fn certificate(&self, label: &str, key_id: &[u8], der: &[u8]) {
        let certificate = openssl::x509::X509::from_der(der).unwrap();
        let subject = certificate.subject_name().to_der().unwrap();
        self.session
            .create_object(&[
                Attribute::Class(ObjectClass::CERTIFICATE),
                Attribute::CertificateType(CertificateType::X_509),
                Attribute::Token(true),
                Attribute::Private(false),
                Attribute::Label(label.into()),
                Attribute::Id(key_id.into()),
                Attribute::Subject(subject),
                Attribute::Value(der.into()),
            ])
            .unwrap();
    }

    pub(crate) fn key(&self, key: &PKeyRef<Private>, traits: Traits<'_>) {
        let (private, public) = match key.rsa() {
            Ok(rsa) => rsa_attributes(&rsa),
            Err(_) => ec_attributes(key),
        };
        let mut template = vec![
            Attribute::Class(ObjectClass::PRIVATE_KEY),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Sign(true),
            Attribute::Id(traits.key_id.into()),
            Attribute::AlwaysAuthenticate(traits.always_authenticate),
        ];
        template.extend(private);
        self.session.create_object(&template).unwrap();
        if traits.public_key == PublicKey::Present {
            let mut template = vec![
                Attribute::Class(ObjectClass::PUBLIC_KEY),
                Attribute::Token(true),
                Attribute::Private(false),
                Attribute::Verify(true),
                Attribute::Id(traits.key_id.into()),
            ];
            template.extend(public);
            self.session.create_object(&template).unwrap();
        }
    }

    /// An RSA key that the token itself generates; returns its public part.
    pub(crate) fn generated_rsa(&self, bits: u32, key_id: &[u8]) -> PKey<Public> {
        let (public, _) = self
            .session
            .generate_key_pair(
                &Mechanism::RsaPkcsKeyPairGen,
                &[
                    Attribute::Token(true),
                    Attribute::Private(false),
                    Attribute::ModulusBits(u64::from(bits).into()),
                    Attribute::PublicExponent(vec![1, 0, 1]),
                    Attribute::Id(key_id.into()),
                ],
                &[
                    Attribute::Token(true),
                    Attribute::Private(true),
                    Attribute::Sensitive(true),
                    Attribute::Sign(true),
                    Attribute::Id(key_id.into()),
                ],
            )
            .unwrap();
        let read = self
            .session
            .get_attributes(public, &[AttributeType::Modulus])
            .unwrap();
        let Some(Attribute::Modulus(modulus)) = read.first() else {
            panic!("no modulus")
        };
        let modulus = BigNum::from_slice(modulus).unwrap();
        let exponent = BigNum::from_u32(65_537).unwrap();
        PKey::from_rsa(Rsa::from_public_components(modulus, exponent).unwrap()).unwrap()
    }

    /// An Ed25519 key that the token generates; returns its public part.
    pub(crate) fn generated_ed25519(&self, key_id: &[u8]) -> PKey<Public> {
        let (public, _) = self
            .session
            .generate_key_pair(
                &Mechanism::EccEdwardsKeyPairGen,
                &[
                    Attribute::Token(true),
                    Attribute::Private(false),
                    Attribute::EcParams(b"\x13\x0cedwards25519".to_vec()),
                    Attribute::Id(key_id.into()),
                ],
                &[
                    Attribute::Token(true),
                    Attribute::Private(true),
                    Attribute::Sign(true),
                    Attribute::Id(key_id.into()),
                ],
            )
            .unwrap();
        let read = self
            .session
            .get_attributes(public, &[AttributeType::EcPoint])
            .unwrap();
        let Some(Attribute::EcPoint(point)) = read.first() else {
            panic!("no point")
        };
        let id = openssl::pkey::Id::ED25519;
        PKey::public_key_from_raw_bytes(&point[point.len() - 32..], id).unwrap()
    }
}

fn rsa_attributes(rsa: &Rsa<Private>) -> (Vec<Attribute>, Vec<Attribute>) {
    let octets = |number: Option<&BigNumRef>| number.unwrap().to_vec();
    let private = vec![
        Attribute::KeyType(KeyType::RSA),
        Attribute::Modulus(rsa.n().to_vec()),
        Attribute::PublicExponent(rsa.e().to_vec()),
        Attribute::PrivateExponent(rsa.d().to_vec()),
        Attribute::Prime1(octets(rsa.p())),
        Attribute::Prime2(octets(rsa.q())),
        Attribute::Exponent1(octets(rsa.dmp1())),
        Attribute::Exponent2(octets(rsa.dmq1())),
        Attribute::Coefficient(octets(rsa.iqmp())),
    ];
    let public = vec![
        Attribute::KeyType(KeyType::RSA),
        Attribute::Modulus(rsa.n().to_vec()),
        Attribute::PublicExponent(rsa.e().to_vec()),
    ];
    (private, public)
}

fn ec_attributes(key: &PKeyRef<Private>) -> (Vec<Attribute>, Vec<Attribute>) {
    let ec = key.ec_key().unwrap();
    let curve = ec.group().curve_name().unwrap();
    let (_, parameters) = CURVES
        .into_iter()
        .find(|(known, _)| *known == curve)
        .unwrap();
    let mut context = openssl::bn::BigNumContext::new().unwrap();
    let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
    let point = ec
        .public_key()
        .to_bytes(ec.group(), form, &mut context)
        .unwrap();
    let length = u8::try_from(point.len()).unwrap();
    let mut wrapped = if length < 0x80 {
        vec![4, length]
    } else {
        vec![4, 0x81, length]
    };
    wrapped.extend(point);
    let private = vec![
        Attribute::KeyType(KeyType::EC),
        Attribute::EcParams(parameters.into()),
        Attribute::Value(ec.private_key().to_vec()),
    ];
    let public = vec![
        Attribute::KeyType(KeyType::EC),
        Attribute::EcParams(parameters.into()),
        Attribute::EcPoint(wrapped),
    ];
    (private, public)
}

/// Changes the PIN of the first token in a module that this process has initialised and logged in
/// to already, as other code in it might.
pub(crate) fn change_pin_beside(module: &Path, old: &str, new: &str) {
    let pkcs11 = Pkcs11::new(module).unwrap();
    let slot = pkcs11.get_slots_with_initialized_token().unwrap()[0];
    let session = pkcs11.open_rw_session(slot).unwrap();
    session
        .set_pin(&AuthPin::new(old.into()), &AuthPin::new(new.into()))
        .unwrap();
}

/// Sets bits among the flags of the only token, in the file that `SoftHSM` keeps it in (it never
/// sets those for the last try and for a locked PIN itself), under a generation number (the first
/// eight octets) that makes a running `SoftHSM` read the file again.
pub(crate) fn set_token_flags(directory: &Path, bits: u64) {
    /// `SoftHSM`'s number for the flags attribute, then its number for the type `unsigned long`.
    const FLAGS: [u8; 16] = [0, 0, 0, 0, 0x80, 0, 0x53, 0x4b, 0, 0, 0, 0, 0, 0, 0, 2];
    let tokens = std::fs::read_dir(directory.join("tokens")).unwrap();
    let paths: Vec<_> = tokens
        .map(|token| token.unwrap().path().join("token.object"))
        .collect();
    let [path] = paths.as_slice() else {
        panic!("{} tokens", paths.len())
    };
    let mut octets = std::fs::read(path).unwrap();
    let mut change = |place: usize, change: &dyn Fn(u64) -> u64| {
        let number = &mut octets[place..place + 8];
        let changed = change(u64::from_be_bytes(number.try_into().unwrap()));
        number.copy_from_slice(&changed.to_be_bytes());
    };
    change(0, &|generation| generation + 1);
    let place = std::fs::read(path).unwrap();
    let place = place
        .windows(16)
        .position(|window| window == FLAGS)
        .unwrap()
        + 16;
    change(place, &|flags| flags | bits);
    std::fs::write(path, octets).unwrap();
}
