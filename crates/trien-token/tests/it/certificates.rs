//! A small test PKI, made with OpenSSL.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, PKey, PKeyRef, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};

pub(crate) struct Authority {
    pub(crate) key: PKey<Private>,
    pub(crate) certificate: X509,
}

pub(crate) fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

pub(crate) fn ec(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

impl Authority {
    pub(crate) fn root(name: &str) -> Self {
        let key = ec(Nid::X9_62_PRIME256V1);
        let certificate = issue(name, &key, name, &key);
        Self { key, certificate }
    }

    pub(crate) fn below(&self, name: &str) -> Self {
        let key = ec(Nid::X9_62_PRIME256V1);
        let certificate = self.certify(name, &key);
        Self { key, certificate }
    }

    pub(crate) fn certify<T: HasPublic>(&self, name: &str, key: &PKeyRef<T>) -> X509 {
        let issuer = self.certificate.subject_name().entries().next().unwrap();
        let issuer = issuer.data().to_string().unwrap();
        issue(name, key, &issuer, &self.key)
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        self.certificate.to_der().unwrap()
    }
}

fn issue<T: HasPublic>(
    subject: &str,
    key: &PKeyRef<T>,
    issuer: &str,
    issuer_key: &PKeyRef<Private>,
) -> X509 {
    let name = |text: &str| {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, text).unwrap();
        name.build()
    };
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name(issuer)).unwrap();
    builder
        .set_not_before(&Asn1Time::from_unix(1_767_225_600).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::from_unix(2_082_758_400).unwrap())
        .unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(issuer_key, MessageDigest::sha256()).unwrap();
    builder.build()
}
