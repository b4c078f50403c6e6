//! Asks an authority for a token (RFC 3161, 2.4.1).
//! Does not send anything.

use trien_types::{Digest, Limits};
use trien_x509::AlgorithmIdentifier;
use trien_x509::asn1::{self, Reader, Tag, encode_tlv};
use trien_x509::const_oid::ObjectIdentifier;

/// A request for a token over one digest, with the authority's certificate in the answer.
/// [`TimeStampRequest::accept`] takes the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampRequest {
    der: Vec<u8>,
    imprint: Digest,
    nonce: u64,
    policy: Option<ObjectIdentifier>,
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
        Self::encode(imprint.clone(), nonce, None)
    }

    /// The same under a policy of the authority's, which the token must then name.
    #[must_use]
    pub fn under_policy(self, policy: ObjectIdentifier) -> Self {
        Self::encode(self.imprint.clone(), self.nonce, Some(policy)).unwrap_or(self)
    }

    /// Reads back a request that this type wrote; `None` for any other octets.
    #[must_use]
    pub fn from_der(octets: &[u8]) -> Option<Self> {
        let limits = Limits::default();
        let mut outer = Reader::new(octets, &limits);
        let mut reader = outer.expect(Tag::SEQUENCE).ok()?.elements().ok()?;
        let _version = reader.expect(Tag::INTEGER).ok()?;
        let mut stamped = reader.expect(Tag::SEQUENCE).ok()?.elements().ok()?;
        let algorithm = AlgorithmIdentifier::from_element(&stamped.element().ok()?).ok()?;
        let imprint = stamped.expect(Tag::OCTET_STRING).ok()?;
        let imprint = Digest::new(algorithm.digest().ok()?, imprint.content().to_vec()).ok()?;
        let policy = match reader.optional(Tag::OBJECT_IDENTIFIER).ok()? {
            Some(policy) => Some(policy.object_identifier().ok()?.known()?),
            None => None,
        };
        let nonce = reader.expect(Tag::INTEGER).ok()?.unsigned().ok()?;
        Self::encode(imprint, nonce, policy).filter(|request| request.der == octets)
    }

    fn encode(imprint: Digest, nonce: u64, policy: Option<ObjectIdentifier>) -> Option<Self> {
        let algorithm = AlgorithmIdentifier::for_digest(imprint.algorithm())?.to_der();
        let message_imprint =
            asn1::sequence(&[&algorithm, &asn1::octet_string(imprint.as_octets())]);
        let der = asn1::sequence(&[
            &asn1::unsigned_integer(1),
            &message_imprint,
            &policy.map_or_else(Vec::new, asn1::oid),
            &asn1::unsigned_integer(nonce),
            &encode_tlv(0x01, &[&[0xff]]),
        ]);
        Some(Self {
            der,
            imprint,
            nonce,
            policy,
        })
    }

    /// The octets to post as `application/timestamp-query`.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// What the token is to be over.
    #[must_use]
    pub const fn imprint(&self) -> &Digest {
        &self.imprint
    }

    /// The policy the token is to name, if one was asked for.
    #[must_use]
    pub const fn policy(&self) -> Option<ObjectIdentifier> {
        self.policy
    }

    /// The content octets of the nonce, as a token repeats them.
    pub(super) fn nonce_octets(&self) -> Vec<u8> {
        let integer = asn1::unsigned_integer(self.nonce);
        integer.get(2..).unwrap_or_default().to_vec()
    }
}
