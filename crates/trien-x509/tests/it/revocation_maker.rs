//! CRLs written by hand and signed with OpenSSL, for what no program writes on request.

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use trien_x509::PublicKey;
use trien_x509::asn1::{encode_tlv, octet_string, sequence};

/// sha256WithRSAEncryption with NULL parameters.
const SHA256_WITH_RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";

pub(crate) struct Issuer(PKey<Private>);

impl Issuer {
    pub(crate) fn new() -> Self {
        Self(PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap())
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        let info = self.0.public_key_to_der().unwrap();
        PublicKey::from_subject_public_key_info(&info).unwrap()
    }

    /// A list of these entries; `extensions` are encoded ones, without the wrapper.
    pub(crate) fn crl(&self, entries: &[u8], extensions: &[u8]) -> Vec<u8> {
        let wrapped = encode_tlv(0xa0, &[&sequence(&[extensions])]);
        let tbs = sequence(&[
            b"\x02\x01\x01",
            SHA256_WITH_RSA,
            &name("CN of the list"),
            &utc("260531000000Z"),
            &utc("260601000000Z"),
            &sequence(&[entries]),
            if extensions.is_empty() { b"" } else { &wrapped },
        ]);
        self.signed(&tbs)
    }

    pub(crate) fn signed(&self, tbs: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0).unwrap();
        let value = signer.sign_oneshot_to_vec(tbs).unwrap();
        sequence(&[tbs, SHA256_WITH_RSA, &encode_tlv(0x03, &[&[0], &value])])
    }
}

pub(crate) fn utc(text: &str) -> Vec<u8> {
    encode_tlv(0x17, &[text.as_bytes()])
}

pub(crate) fn name(common_name: &str) -> Vec<u8> {
    let attribute = sequence(&[
        b"\x06\x03\x55\x04\x03",
        &encode_tlv(0x0c, &[common_name.as_bytes()]),
    ]);
    sequence(&[&encode_tlv(0x31, &[&attribute])])
}

/// An entry revoked on 1 May 2026 with encoded extensions.
pub(crate) fn entry(serial: &[u8], extensions: &[u8]) -> Vec<u8> {
    let list = sequence(&[extensions]);
    sequence(&[
        &encode_tlv(0x02, &[serial]),
        &utc("260501000000Z"),
        if extensions.is_empty() { b"" } else { &list },
    ])
}

/// 2.5.29.`number` with a value already encoded.
pub(crate) fn extension(number: u8, critical: &[u8], value: &[u8]) -> Vec<u8> {
    let oid = encode_tlv(0x06, &[&[0x55, 0x1d, number]]);
    sequence(&[&oid, critical, &octet_string(value)])
}

pub(crate) const CRITICAL: &[u8] = b"\x01\x01\xff";
pub(crate) const NOT_CRITICAL: &[u8] = b"";
