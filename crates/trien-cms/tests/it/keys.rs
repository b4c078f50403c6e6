//! Keys in software and certificates for them, made anew for each run.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::md::{Md, MdRef};
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::{X509, X509Builder, X509Extension, X509NameBuilder};
use trien_types::{DigestAlgorithm, PssParameters, SignatureScheme};
use trien_x509::{Certificate, Digester};

/// 2020-01-01 and 2040-01-01.
pub(crate) const NOT_BEFORE: i64 = 1_577_836_800;
pub(crate) const NOT_AFTER: i64 = 2_208_988_800;

pub(crate) struct Key {
    private: PKey<Private>,
    pub(crate) certificate: Certificate,
    pub(crate) scheme: SignatureScheme,
}

/// What a certificate says it is for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Signing,
    TimeStamping,
    /// Time-stamping, not critical.
    TimeStampingLax,
    /// Time-stamping and something else.
    TimeStampingAndMore,
}

impl Key {
    pub(crate) fn new(private: PKey<Private>, scheme: SignatureScheme, purpose: Purpose) -> Self {
        Self::with_serial(private, scheme, purpose, 7)
    }

    pub(crate) fn with_serial(
        private: PKey<Private>,
        scheme: SignatureScheme,
        purpose: Purpose,
        serial: u32,
    ) -> Self {
        let x509 = certificate(&private, purpose, serial);
        Self {
            private,
            certificate: Certificate::from_der(x509.to_der().unwrap()).unwrap(),
            scheme,
        }
    }

    pub(crate) fn p256() -> Self {
        Self::for_purpose(Purpose::Signing)
    }

    pub(crate) fn for_purpose(purpose: Purpose) -> Self {
        let scheme = SignatureScheme::Ecdsa(DigestAlgorithm::Sha256);
        Self::new(ec(Nid::X9_62_PRIME256V1), scheme, purpose)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.sign_under(self.scheme, message)
    }

    pub(crate) fn sign_under(&self, scheme: SignatureScheme, message: &[u8]) -> Vec<u8> {
        if matches!(scheme, SignatureScheme::Ed25519 | SignatureScheme::Ed448) {
            let mut signer = Signer::new_without_digest(&self.private).unwrap();
            return signer.sign_oneshot_to_vec(message).unwrap();
        }
        let digest = Digester::digest(scheme.digest_algorithm(), message).unwrap();
        let mut context = PkeyCtx::new(&self.private).unwrap();
        context.sign_init().unwrap();
        if let SignatureScheme::RsaPss(PssParameters {
            digest,
            mask_digest,
            salt_octets,
            ..
        }) = scheme
        {
            context.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            context.set_signature_md(md(digest)).unwrap();
            context.set_rsa_mgf1_md(md(mask_digest)).unwrap();
            context
                .set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt_octets as i32))
                .unwrap();
        } else if matches!(scheme, SignatureScheme::RsaPkcs1v15(_)) {
            context
                .set_signature_md(md(scheme.digest_algorithm()))
                .unwrap();
        }
        let mut value = Vec::new();
        context.sign_to_vec(digest.as_octets(), &mut value).unwrap();
        value
    }
}

fn md(algorithm: DigestAlgorithm) -> &'static MdRef {
    match algorithm {
        DigestAlgorithm::Md5 => Md::md5(),
        DigestAlgorithm::Sha1 => Md::sha1(),
        DigestAlgorithm::Sha256 => Md::sha256(),
        DigestAlgorithm::Sha384 => Md::sha384(),
        DigestAlgorithm::Sha512 => Md::sha512(),
        DigestAlgorithm::Sha3_256 => Md::sha3_256(),
        other => panic!("{other} is not used here"),
    }
}

pub(crate) fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

pub(crate) fn ec(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

pub(crate) fn eddsa(id: Id) -> PKey<Private> {
    match id {
        Id::ED25519 => PKey::generate_ed25519().unwrap(),
        _ => PKey::generate_ed448().unwrap(),
    }
}

fn certificate(private: &PKey<Private>, purpose: Purpose, serial: u32) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COUNTRYNAME, "VN").unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, "Trường Tiểu học Thử")
        .unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_subject_name(&name).unwrap();
    let (start, end) = (
        Asn1Time::from_unix(NOT_BEFORE).unwrap(),
        Asn1Time::from_unix(NOT_AFTER).unwrap(),
    );
    builder.set_not_before(&start).unwrap();
    builder.set_not_after(&end).unwrap();
    builder.set_pubkey(private).unwrap();
    for (oid, critical, value) in extensions(purpose) {
        let oid = Asn1Object::from_str(oid).unwrap();
        let value = Asn1OctetString::new_from_bytes(&value).unwrap();
        let extension = X509Extension::new_from_der(&oid, critical, &value).unwrap();
        builder.append_extension(extension).unwrap();
    }
    let digest = match private.id() {
        Id::ED25519 | Id::ED448 => MessageDigest::null(),
        _ => MessageDigest::sha256(),
    };
    builder.sign(private, digest).unwrap();
    builder.build()
}

fn extensions(purpose: Purpose) -> Vec<(&'static str, bool, Vec<u8>)> {
    // DER of id-kp-timeStamping and id-kp-emailProtection.
    let stamping = [6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 8];
    let mail = [6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 4];
    let usage = |purposes: &[&[u8]]| trien_x509::asn1::sequence(purposes);
    let key_identifier = ("2.5.29.14", false, vec![4, 4, 1, 2, 3, 4]);
    let mut list = vec![key_identifier];
    list.extend(match purpose {
        Purpose::Signing => None,
        Purpose::TimeStamping => Some(("2.5.29.37", true, usage(&[&stamping]))),
        Purpose::TimeStampingLax => Some(("2.5.29.37", false, usage(&[&stamping]))),
        Purpose::TimeStampingAndMore => Some(("2.5.29.37", true, usage(&[&stamping, &mail]))),
    });
    list
}
