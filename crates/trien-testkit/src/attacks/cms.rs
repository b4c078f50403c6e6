//! CMS structures and time-stamp tokens with any one thing wrong (RFC 5652, RFC 3161).
//! Knows nothing of PDF.

use openssl::hash::MessageDigest;
use openssl::sha::sha256;
use openssl::sign::Signer;

use crate::der::{sequence, value};
use crate::pki::Identity;

const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4];
const TST_INFO: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 4];
const TIME_STAMP: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];

fn oid(octets: &[u8]) -> Vec<u8> {
    value(0x06, octets)
}

fn algorithm(octets: &[u8]) -> Vec<u8> {
    sequence(&[oid(octets), value(0x05, &[])])
}

fn attribute(kind: &[u8], contents: &[u8]) -> Vec<u8> {
    sequence(&[oid(kind), value(0x31, contents)])
}

/// The parts of one structure: change any before [`Cms::make`].
#[derive(Debug, Clone)]
pub(super) struct Cms<'i> {
    pub(super) signer: &'i Identity,
    /// What the message digest is over.
    pub(super) signed: Vec<u8>,
    /// Content inside the structure, with its type.
    content: Option<(&'static [u8], Vec<u8>)>,
    /// Whose hash the signing-certificate attribute holds.
    pub(super) bound: &'i Identity,
    /// Who is named as signer.
    pub(super) named: &'i Identity,
    /// Certificates beside the signer's issuer.
    pub(super) certificates: Vec<&'i Identity>,
    pub(super) signer_infos: usize,
    /// Unsigned attributes.
    pub(super) unsigned: Vec<Vec<u8>>,
}

impl<'i> Cms<'i> {
    /// A sound detached CAdES signature over `signed`.
    pub(super) fn new(signer: &'i Identity, signed: &[u8]) -> Self {
        Self {
            signer,
            signed: signed.to_vec(),
            content: None,
            bound: signer,
            named: signer,
            certificates: vec![signer],
            signer_infos: 1,
            unsigned: Vec::new(),
        }
    }

    /// With the signed data inside, as no detached signature has it.
    pub(super) fn enveloping(mut self) -> Self {
        self.content = Some((DATA, self.signed.clone()));
        self
    }

    /// A sound time-stamp token over `stamped` that states `time`.
    pub(super) fn token(authority: &'i Identity, stamped: &[u8], time: &str) -> Self {
        let imprint = sequence(&[algorithm(SHA256), value(0x04, &sha256(stamped))]);
        let info = sequence(&[
            value(0x02, &[1]),
            oid(&[0x2A, 3, 4]),
            imprint,
            value(0x02, &[7]),
            value(0x18, time.as_bytes()),
        ]);
        let mut token = Self::new(authority, &info);
        token.content = Some((TST_INFO, info));
        token
    }

    /// The content inside, to be tampered with after the digest was fixed.
    pub(super) fn tampered(mut self, from: &str, to: &str) -> Self {
        if let Some((_, content)) = &mut self.content {
            let at = content
                .windows(from.len())
                .position(|window| window == from.as_bytes())
                .unwrap();
            content[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
        self
    }

    /// The same with a time stamp over its own value.
    pub(super) fn stamped(mut self, token: impl FnOnce(&[u8]) -> Self) -> Self {
        let token = token(&self.value()).make();
        self.unsigned.push(attribute(TIME_STAMP, &token));
        self
    }

    fn content_type(&self) -> &'static [u8] {
        self.content.as_ref().map_or(DATA, |(kind, _)| *kind)
    }

    fn attributes(&self) -> Vec<u8> {
        let certificate = self.bound.certificate_der().unwrap();
        let id = sequence(&[value(0x04, &sha256(&certificate))]);
        let mut attributes = [
            attribute(CONTENT_TYPE, &oid(self.content_type())),
            attribute(MESSAGE_DIGEST, &value(0x04, &sha256(&self.signed))),
            attribute(SIGNING_CERTIFICATE_V2, &sequence(&[sequence(&[id])])),
        ];
        attributes.sort();
        attributes.concat()
    }

    /// The signature value: PKCS#1, which gives the same octets each time.
    pub(super) fn value(&self) -> Vec<u8> {
        let mut signer = Signer::new(MessageDigest::sha256(), self.signer.key()).unwrap();
        signer
            .sign_oneshot_to_vec(&value(0x31, &self.attributes()))
            .unwrap()
    }

    pub(super) fn make(&self) -> Vec<u8> {
        let named = self.named.certificate();
        let serial = named.serial_number().to_bn().unwrap().to_vec();
        let unsigned = match self.unsigned.as_slice() {
            [] => Vec::new(),
            attributes => value(0xA1, &attributes.concat()),
        };
        let signer_info = sequence(&[
            value(0x02, &[1]),
            sequence(&[named.issuer_name().to_der().unwrap(), value(0x02, &serial)]),
            algorithm(SHA256),
            value(0xA0, &self.attributes()),
            algorithm(SHA256_WITH_RSA),
            value(0x04, &self.value()),
            unsigned,
        ]);
        let content = match &self.content {
            None => Vec::new(),
            Some((_, content)) => value(0xA0, &value(0x04, content)),
        };
        let mut certificates: Vec<Vec<u8>> = Vec::new();
        for identity in &self.certificates {
            let mut path = identity.path_der().unwrap();
            // A verifier has the root.
            path.truncate(path.len().saturating_sub(1).max(1));
            for certificate in path {
                if !certificates.contains(&certificate) {
                    certificates.push(certificate);
                }
            }
        }
        // RFC 5652, 5.1: 3 where the content is of another kind than data.
        let version = if self.content_type() == DATA { 1 } else { 3 };
        let signed_data = sequence(&[
            value(0x02, &[version]),
            value(0x31, &algorithm(SHA256)),
            sequence(&[oid(self.content_type()), content]),
            value(0xA0, &certificates.concat()),
            value(0x31, &signer_info.repeat(self.signer_infos)),
        ]);
        sequence(&[oid(SIGNED_DATA), value(0xA0, &signed_data)])
    }
}
