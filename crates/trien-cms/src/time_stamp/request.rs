//! Asks an authority for a token (RFC 3161, 2.4.1).
//! Does not send anything.

use trien_types::Digest;
use trien_x509::AlgorithmIdentifier;
use trien_x509::asn1::{self, encode_tlv};

/// A request for a token over one digest, with the authority's certificate in the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampRequest {
    der: Vec<u8>,
    nonce: u64,
}

impl TimeStampRequest {
    /// A request for a token over `imprint`. The caller draws `nonce` at random, for this request
    /// alone; the answer must repeat it. `None` when the digest has no identifier.
    ///
    /// ```text
    /// TimeStampReq ::= SEQUENCE { version INTEGER 1, messageImprint, reqPolicy OPTIONAL,
    ///   nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE, extensions OPTIONAL }
    /// ```
    #[must_use]
    pub fn new(imprint: &Digest, nonce: u64) -> Option<Self> {
        let algorithm = AlgorithmIdentifier::for_digest(imprint.algorithm())?.to_der();
        let message_imprint =
            asn1::sequence(&[&algorithm, &asn1::octet_string(imprint.as_octets())]);
        let der = asn1::sequence(&[
            &asn1::unsigned_integer(1),
            &message_imprint,
            &asn1::unsigned_integer(nonce),
            &encode_tlv(0x01, &[&[0xff]]),
        ]);
        Some(Self { der, nonce })
    }

    /// The octets to post as `application/timestamp-query`.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// The content octets of the nonce, as a token repeats them.
    pub(super) fn nonce_octets(&self) -> Vec<u8> {
        let integer = asn1::unsigned_integer(self.nonce);
        integer.get(2..).unwrap_or_default().to_vec()
    }
}
