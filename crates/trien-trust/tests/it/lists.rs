//! CRLs and OCSP responses written by hand and signed with OpenSSL.

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use trien_trust::revocation::{EvidenceId, RevocationEvidence, StatusAnswer, StatusSubject};
use trien_trust::{Budget, CertificationPath};
use trien_types::{DigestAlgorithm, Limits, UnixTime, UtcOffset};
use trien_x509::asn1::{encode_tlv, octet_string, sequence, unsigned_integer};
use trien_x509::{Certificate, Digester};

/// ecdsa-with-SHA256.
const ECDSA_WITH_SHA256: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
/// SHA-1, the digest that OCSP names certificates by.
const SHA1: &[u8] = b"\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00";

pub(crate) const CRITICAL: &[u8] = b"\x01\x01\xff";
pub(crate) const NOT_CRITICAL: &[u8] = b"";
pub(crate) const TRUE: u8 = 0xff;

fn signed(body: &[u8], key: &PKey<Private>, more: &[u8]) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), key).unwrap();
    let value = signer.sign_oneshot_to_vec(body).unwrap();
    let value = encode_tlv(0x03, &[&[0], &value]);
    sequence(&[body, ECDSA_WITH_SHA256, &value, more])
}

pub(crate) fn generalized(time: UnixTime) -> Vec<u8> {
    let civil = time.to_civil(UtcOffset::UTC).unwrap();
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
    );
    encode_tlv(0x18, &[text.as_bytes()])
}

/// 2.5.29.`number` with a value already encoded.
pub(crate) fn extension(number: u8, critical: &[u8], value: &[u8]) -> Vec<u8> {
    let oid = encode_tlv(0x06, &[&[0x55, 0x1d, number]]);
    sequence(&[&oid, critical, &octet_string(value)])
}

/// A name of one common name.
pub(crate) fn common_name(text: &str) -> Vec<u8> {
    let pair = sequence(&[
        b"\x06\x03\x55\x04\x03",
        &encode_tlv(0x0c, &[text.as_bytes()]),
    ]);
    sequence(&[&encode_tlv(0x31, &[&pair])])
}

/// `GeneralNames` of one directory name, without their own tag.
pub(crate) fn directory(name: &[u8]) -> Vec<u8> {
    encode_tlv(0xa4, &[name])
}

/// A list to be made; times are given whole.
pub(crate) struct CrlPlan<'a> {
    pub(crate) issuer: &'a [u8],
    pub(crate) from: UnixTime,
    pub(crate) until: Option<UnixTime>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl<'a> CrlPlan<'a> {
    pub(crate) fn by(issuer: &'a Certificate, from: UnixTime, until: UnixTime) -> Self {
        Self {
            issuer: issuer.subject().as_der(),
            from,
            until: Some(until),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(crate) fn number(self, number: u64) -> Self {
        self.with(extension(20, NOT_CRITICAL, &unsigned_integer(number)))
    }

    pub(crate) fn delta_of(self, number: u64) -> Self {
        self.with(extension(27, CRITICAL, &unsigned_integer(number)))
    }

    pub(crate) fn listing(self, certificate: &Certificate, since: UnixTime) -> Self {
        self.listing_with(certificate, since, &[])
    }

    pub(crate) fn listing_with(
        mut self,
        certificate: &Certificate,
        since: UnixTime,
        extensions: &[u8],
    ) -> Self {
        let list = sequence(&[extensions]);
        self.entries.push(sequence(&[
            &encode_tlv(0x02, &[certificate.serial().as_octets()]),
            &generalized(since),
            if extensions.is_empty() { b"" } else { &list },
        ]));
        self
    }

    pub(crate) fn sign(&self, key: &PKey<Private>) -> Vec<u8> {
        let extensions = encode_tlv(0xa0, &[&sequence(&[&self.extensions.concat()])]);
        let until = self.until.map(generalized).unwrap_or_default();
        let entries = sequence(&[&self.entries.concat()]);
        let body = sequence(&[
            b"\x02\x01\x01",
            ECDSA_WITH_SHA256,
            self.issuer,
            &generalized(self.from),
            &until,
            if self.entries.is_empty() {
                b""
            } else {
                &entries
            },
            if self.extensions.is_empty() {
                b""
            } else {
                &extensions
            },
        ]);
        signed(&body, key, b"")
    }
}

/// Encoded `CertStatus`.
pub(crate) fn good() -> Vec<u8> {
    vec![0x80, 0]
}

pub(crate) fn unknown() -> Vec<u8> {
    vec![0x82, 0]
}

pub(crate) fn revoked(since: UnixTime, reason: u8) -> Vec<u8> {
    let reason = encode_tlv(0xa0, &[&[0x0a, 1, reason]]);
    encode_tlv(0xa1, &[&generalized(since), &reason])
}

/// A response to be made.
pub(crate) struct ResponsePlan<'a> {
    pub(crate) about: (&'a Certificate, &'a Certificate),
    pub(crate) status: Vec<u8>,
    pub(crate) at: UnixTime,
    pub(crate) until: UnixTime,
    pub(crate) single_extensions: Vec<u8>,
    pub(crate) certificates: Vec<&'a Certificate>,
}

impl<'a> ResponsePlan<'a> {
    pub(crate) fn about(
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        status: Vec<u8>,
        at: UnixTime,
    ) -> Self {
        Self {
            about: (certificate, issuer),
            status,
            at,
            until: at.plus_seconds(86_400),
            single_extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    pub(crate) fn carrying(mut self, certificate: &'a Certificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// Signed by `responder` with `key`, in an `OCSPResponse`.
    pub(crate) fn sign(&self, responder: &Certificate, key: &PKey<Private>) -> Vec<u8> {
        let (certificate, issuer) = self.about;
        let sha1 = |octets: &[u8]| {
            let digest = Digester::digest(DigestAlgorithm::Sha1, octets).unwrap();
            octet_string(digest.as_octets())
        };
        // The keys are on P-256: their points are the last 65 octets.
        let info = issuer.subject_public_key_info();
        let id = sequence(&[
            SHA1,
            &sha1(issuer.subject().as_der()),
            &sha1(&info[info.len() - 65..]),
            &encode_tlv(0x02, &[certificate.serial().as_octets()]),
        ]);
        let extensions = encode_tlv(0xa1, &[&sequence(&[&self.single_extensions])]);
        let single = sequence(&[
            &id,
            &self.status,
            &generalized(self.at),
            &encode_tlv(0xa0, &[&generalized(self.until)]),
            if self.single_extensions.is_empty() {
                b""
            } else {
                &extensions
            },
        ]);
        let body = sequence(&[
            &encode_tlv(0xa1, &[responder.subject().as_der()]),
            &generalized(self.at),
            &sequence(&[&single]),
        ]);
        let carried: Vec<u8> = self
            .certificates
            .iter()
            .flat_map(|certificate| certificate.as_der().to_vec())
            .collect();
        let carried = encode_tlv(0xa0, &[&sequence(&[&carried])]);
        let basic = signed(
            &body,
            key,
            if self.certificates.is_empty() {
                b""
            } else {
                &carried
            },
        );
        let basic_type = b"\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01";
        let bytes = sequence(&[basic_type, &octet_string(&basic)]);
        sequence(&[b"\x0a\x01\x00", &encode_tlv(0xa0, &[&bytes])])
    }
}

pub(crate) fn pool(crls: &[&[u8]], responses: &[&[u8]]) -> (RevocationEvidence, Vec<EvidenceId>) {
    let mut pool = RevocationEvidence::default();
    let limits = Limits::default();
    let mut ids: Vec<EvidenceId> = Vec::new();
    ids.extend(crls.iter().map(|octets| pool.add_crl(octets, &limits)));
    ids.extend(
        responses
            .iter()
            .map(|octets| pool.add_ocsp_response(octets, &limits)),
    );
    (pool, ids)
}

/// What the pool says of the path's first certificate.
pub(crate) fn ask(
    pool: &RevocationEvidence,
    path: &CertificationPath,
    candidates: &[&Certificate],
) -> StatusAnswer {
    let candidates: Vec<Certificate> = candidates.iter().map(|one| (*one).clone()).collect();
    let subject = StatusSubject::on(path).next().unwrap();
    pool.ask(subject, &candidates, &Budget::default())
}
