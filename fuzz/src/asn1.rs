//! Targets of the structures in ASN.1.

use std::borrow::Cow;
use std::sync::OnceLock;

use trien_cms::{
    SignatureContents, SignedAttributes, SignedData, SignedSpans, SubFilter, TimeStampRequest,
    TimeStampToken, Verdict, token_of_response,
};
use trien_types::{Digest, DigestAlgorithm, Limits};
use trien_x509::{
    BasicOcspResponse, Certificate, Crl, DigestUnavailable, Digester, OcspResponse, PublicKey,
};

/// Spans whose digest is what the signature wants: without it a mutated signature would stop at
/// its digest, and what comes behind would never be tried.
struct Agreeing(Option<Vec<u8>>);

impl SignedSpans for Agreeing {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        let wanted = self.0.clone().unwrap_or_default();
        Digest::new(algorithm, wanted).or_else(|_| Digester::digest(algorithm, b"other"))
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(b"octets that nobody signed")
    }
}

/// A certificate, its key, and its signature under its own key.
pub fn certificate(octets: &[u8]) {
    let Ok(certificate) = Certificate::from_der(octets) else {
        return;
    };
    assert_eq!(certificate.as_der(), octets);
    let _text = (format!("{certificate:?}"), certificate.subject_kind());
    let _places = (
        certificate.crl_distribution_points(),
        certificate.freshest_crl(),
        certificate.authority_information_access(),
    );
    if let Ok(key) = certificate.public_key() {
        let _schemes = key.customary_schemes();
        let _verified = certificate.verify_signature(&key);
    }
}

/// /Contents in each format, parsed and verified.
pub fn cms(octets: &[u8]) {
    let limits = Limits::default();
    let parsed = SignedData::parse(octets, &limits).ok();
    let wanted = parsed
        .as_ref()
        .and_then(SignedData::only_signer)
        .and_then(|signer| signer.message_digest().ok());
    let spans = Agreeing(wanted);
    for sub_filter in [
        SubFilter::AdbePkcs7Detached,
        SubFilter::AdbePkcs7Sha1,
        SubFilter::EtsiCadesDetached,
        SubFilter::AdbeX509RsaSha1,
    ] {
        let certificates: Vec<Vec<u8>> = parsed
            .iter()
            .flat_map(|signed| signed.certificates())
            .map(|certificate| certificate.to_vec())
            .collect();
        let contents = SignatureContents::parse(octets, sub_filter, &certificates, &limits);
        let Ok(contents) = contents else { continue };
        let _algorithms = contents.digest_algorithms();
        let additional = contents.certificates();
        let verdict = contents.verify(&spans, &additional);
        if sub_filter == SubFilter::EtsiCadesDetached
            && let Verdict::Intact(intact) = &verdict
        {
            assert!(contents.claimed_signer(&additional).is_some(), "{intact:?}");
        }
    }
    if let Ok(attributes) = SignedAttributes::from_octets(octets) {
        assert_eq!(attributes.to_be_signed(), octets);
    }
    if let Some(parsed) = parsed {
        assert!(octets.starts_with(parsed.as_received()));
        for signer in parsed.signer_infos() {
            for token in signer.signature_time_stamps() {
                time_stamp(token);
            }
        }
    }
}

/// A time-stamp token, and the same octets as the answer of an authority and as a stored request.
pub fn time_stamp(octets: &[u8]) {
    let limits = Limits::default();
    if let Ok(token) = TimeStampToken::parse(octets, &limits) {
        let spans = Agreeing(Some(token.tst_info().imprint().to_vec()));
        let verification = token.verify(&spans, &[]);
        assert_eq!(verification.stated_time(), token.tst_info().gen_time());
        let _status = verification.status();
    }
    if let Some(request) = TimeStampRequest::from_der(octets) {
        assert_eq!(request.to_der(), octets);
    }
    if let Ok(digest) = Digester::digest(DigestAlgorithm::Sha256, b"stamped")
        && let Some(request) = TimeStampRequest::new(&digest, 7)
    {
        let _token = token_of_response(octets, &request, &limits);
    }
}

/// A list in DER or PEM, every entry of it, and its signature under a key that did not make it.
pub fn crl(octets: &[u8]) {
    let Ok(list) = Crl::from_der_or_pem(octets, &Limits::default()) else {
        return;
    };
    if octets.starts_with(b"\x30") {
        assert_eq!(list.as_der(), octets);
    }
    let _text = (format!("{list:?}"), list.number(), list.delta_base());
    let _critical = list.unknown_critical_extensions().count();
    let mut entries = 0;
    for entry in list.entries() {
        entries += 1;
        let serial = entry.serial().expect("read when the list was");
        let own = list
            .entries_of(&serial)
            .any(|found| found.offset() == entry.offset());
        assert!(own, "an entry is found under its serial number");
        let _read = (
            entry.revocation_date(),
            entry.reason(),
            entry.invalidity_date(),
            entry.certificate_issuer(),
            entry.unknown_critical_extensions(),
        );
    }
    assert_eq!(entries, list.len());
    assert!(list.verify_signature(key()).is_err());
}

/// A response, and the same octets as an answer by itself.
pub fn ocsp(octets: &[u8]) {
    let limits = Limits::default();
    let response = OcspResponse::from_der(octets, &limits).ok();
    let embedded = response.as_ref().and_then(OcspResponse::basic).cloned();
    let basic = BasicOcspResponse::from_der(octets, &limits).ok();
    for basic in embedded.into_iter().chain(basic) {
        let _text = (format!("{basic:?}"), basic.nonce());
        for certificate in basic.certificates() {
            if let Ok(certificate) = Certificate::from_der(certificate) {
                let _named = basic.responder().names(&certificate);
                let name = certificate.issuer().as_der();
                for single in basic.responses() {
                    let serial = &single.certificate.serial;
                    let _is = single.certificate.names(&certificate, name, serial);
                    let _critical = single.unknown_critical_extensions().count();
                }
            }
        }
        assert!(basic.verify_signature(key()).is_err());
    }
}

/// A P-256 key (RFC 6979, A.2.5) that signed none of the seeds.
fn key() -> &'static PublicKey {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    const INFO: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04\
        \x60\xfe\xd4\xba\x25\x5a\x9d\x31\xc9\x61\xeb\x74\xc6\x35\x6d\x68\xc0\x49\xb8\x92\x3b\x61\xfa\x6c\xe6\x69\x62\x2e\x60\xf2\x9f\xb6\
        \x79\x03\xfe\x10\x08\xb8\xbc\x99\xa4\x1a\xe9\xe9\x56\x28\xbc\x64\xf2\xf1\xb2\x0c\x2d\x7e\x9f\x51\x77\xa3\xc2\x94\xd4\x46\x22\x99";
    KEY.get_or_init(|| {
        PublicKey::from_subject_public_key_info(INFO).expect("the key lies on its curve")
    })
}
