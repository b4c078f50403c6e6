//! CMS SignedData (RFC 5652, 5) as received, BER or DER, with what follows it.
//! Does not verify it.

mod parse;

use std::sync::{Arc, OnceLock};

use trien_types::Limits;
use trien_x509::asn1::{Framing, ObjectIdentifier};
use trien_x509::{AlgorithmIdentifier, Certificate, CertificateError};

use crate::error::CmsError;
use crate::signer_info::SignerInfo;

pub(crate) use parse::trailing;

/// What stands behind the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trailing {
    /// Nothing.
    Nothing,
    /// Octets that are no structure, such as what a signer's buffer held before.
    Residue {
        /// Octets from the start to the first octet behind the structure that is not zero.
        offset: usize,
    },
    /// Another SEQUENCE, SET, OCTET STRING or tagged structure, after zeros or at once (ATTACKS B11).
    Structure {
        /// Octets from the start to its first octet.
        offset: usize,
    },
    /// Only zeros, the padding of /Contents (ATTACKS B10).
    Zeros {
        /// How many.
        octets: usize,
    },
}

/// A SignedData. Certificates, revocation lists and attributes keep the octets they came in.
#[derive(Debug, Clone)]
pub struct SignedData {
    structure: Vec<u8>,
    framing: Framing,
    trailing: Trailing,
    digest_algorithms: Vec<AlgorithmIdentifier>,
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    certificates: Vec<Arc<[u8]>>,
    /// Parsed when they are first asked for.
    parsed: OnceLock<Vec<Result<Certificate, CertificateError>>>,
    other_certificates: usize,
    crls: Vec<Vec<u8>>,
    other_revocations: usize,
    signer_infos: Vec<SignerInfo>,
}

impl SignedData {
    /// Reads a `ContentInfo` that holds a SignedData; zeros may pad it.
    ///
    /// # Errors
    /// The octets are none, are never filled, or reach a limit.
    pub fn parse(octets: &[u8], limits: &Limits) -> Result<Self, CmsError> {
        parse::signed_data(octets, limits)
    }

    /// The structure's octets as received, without what follows.
    #[must_use]
    pub fn as_received(&self) -> &[u8] {
        &self.structure
    }

    /// Whether the structure is framed as DER frames it.
    #[must_use]
    pub const fn framing(&self) -> Framing {
        self.framing
    }

    /// What follows the structure.
    #[must_use]
    pub const fn trailing(&self) -> Trailing {
        self.trailing
    }

    /// The digest algorithms listed at the head.
    #[must_use]
    pub fn digest_algorithms(&self) -> &[AlgorithmIdentifier] {
        &self.digest_algorithms
    }

    /// The type of the signed content.
    #[must_use]
    pub const fn content_type(&self) -> &ObjectIdentifier {
        &self.content_type
    }

    /// The signed content, joined when it came in pieces. `None` when the signature is detached;
    /// empty content is `Some`.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// The X.509 certificates as received, not parsed.
    #[must_use]
    pub fn certificates(&self) -> &[Arc<[u8]>] {
        &self.certificates
    }

    /// The certificates parsed, in the order received; one that cannot be read is an error in
    /// its place.
    pub fn parsed_certificates(&self) -> &[Result<Certificate, CertificateError>] {
        self.parsed.get_or_init(|| {
            self.certificates
                .iter()
                .map(|octets| Certificate::from_der(Arc::clone(octets)))
                .collect()
        })
    }

    /// How many certificates of other kinds there are (attribute certificates and such).
    #[must_use]
    pub const fn other_certificates(&self) -> usize {
        self.other_certificates
    }

    /// The certificate revocation lists as received.
    #[must_use]
    pub fn crls(&self) -> &[Vec<u8>] {
        &self.crls
    }

    /// How much revocation information of other kinds there is (RFC 5652, 10.2.1).
    #[must_use]
    pub const fn other_revocations(&self) -> usize {
        self.other_revocations
    }

    /// The signers, in the order received.
    #[must_use]
    pub fn signer_infos(&self) -> &[SignerInfo] {
        &self.signer_infos
    }

    /// The only signer, if there is exactly one.
    #[must_use]
    pub fn only_signer(&self) -> Option<&SignerInfo> {
        match self.signer_infos.as_slice() {
            [signer] => Some(signer),
            _ => None,
        }
    }
}
