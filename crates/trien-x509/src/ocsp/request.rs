//! Asks a responder about one certificate (RFC 6960, 4.1).
//! Does not send anything.

use trien_types::DigestAlgorithm;

use super::certificate_id::key_digest;
use crate::asn1::{self, encode_tlv};
use crate::certificate::Certificate;
use crate::digester::Digester;

/// What names the issuer in a request. SHA-1 is what every responder knows; it protects nothing
/// here, as the signed answer is compared with the certificate again.
const CERTIFICATE_ID_DIGEST: DigestAlgorithm = DigestAlgorithm::Sha1;

/// id-sha1 (RFC 3279, 2.1), with the NULL that responders with prepared answers compare.
const ID_SHA1: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const NULL: &[u8] = &[0x05, 0x00];

/// DER of a request about `certificate`, to be posted as `application/ocsp-request`. It has no
/// nonce, so that responders may answer from what they have prepared. `None` when the digest is not
/// available or the issuer's key cannot be read.
///
/// ```text
/// OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE { …, requestList SEQUENCE OF
///   SEQUENCE { reqCert CertID, … }, … }, optionalSignature [0] OPTIONAL }
/// ```
#[must_use]
pub fn ocsp_request(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let algorithm = asn1::sequence(&[&asn1::oid(ID_SHA1), NULL]);
    let name = Digester::digest(CERTIFICATE_ID_DIGEST, certificate.issuer().as_der()).ok()?;
    let key = key_digest(issuer, CERTIFICATE_ID_DIGEST)?;
    let certificate_id = asn1::sequence(&[
        &algorithm,
        &asn1::octet_string(name.as_octets()),
        &asn1::octet_string(key.as_octets()),
        &encode_tlv(0x02, &[certificate.serial().as_octets()]),
    ]);
    let request = asn1::sequence(&[&certificate_id]);
    Some(asn1::sequence(&[&asn1::sequence(&[&asn1::sequence(&[
        &request,
    ])])]))
}
