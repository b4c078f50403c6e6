//! Certificate revocation lists as received (RFC 5280, 5), kept octet for octet.
//! Does not judge them: not whether a list is fresh, complete or its issuer's to give.

mod entry;
mod extension;
mod index;
mod number;
mod parse;
mod pem;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use trien_types::{Limits, UnixTime};

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::ObjectIdentifier;
use crate::certificate::{Extension, SerialNumber};
use crate::name::DistinguishedName;
use crate::public_key::PublicKey;
use crate::revocation_error::{RevocationError, RevocationSignatureError, verify_signature};

pub use entry::CrlEntry;
pub use extension::{
    CertificateScope, DistributionPointName, IssuingDistributionPoint, ReasonFlags,
};
pub use number::CrlNumber;

/// A certificate revocation list. Cheap to clone; two are equal when their octets are.
///
/// Entries stay in the octets: a list of 200,000 entries takes an index of 16 octets an entry
/// beside them, and an entry is read when it is asked for.
#[derive(Clone)]
pub struct Crl(Arc<Parsed>);

pub(crate) struct Parsed {
    der: Arc<[u8]>,
    limits: Limits,
    tbs_cert_list: Range<usize>,
    issuer: DistinguishedName,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    signature_algorithm: AlgorithmIdentifier,
    /// The algorithm inside the signed octets.
    signed_algorithm: AlgorithmIdentifier,
    signature_value: Box<[u8]>,
    index: index::Index,
    extensions: Vec<Extension>,
    known: extension::Known,
}

impl Crl {
    /// Reads a list in DER. Breaches that leave the meaning clear are tolerated, as in
    /// certificates; delta indicator and issuing distribution point must be readable, because a
    /// list whose scope is unclear says nothing.
    ///
    /// ```
    /// use trien_types::Limits;
    /// use trien_x509::Crl;
    /// let error = Crl::from_der(*b"no list", &Limits::default()).unwrap_err();
    /// assert_eq!(error.offset, 0);
    /// ```
    ///
    /// # Errors
    /// The structure is not that of RFC 5280, 5.1, octets follow it, or it is over
    /// [`Limits::crl_octets`].
    pub fn from_der(
        octets: impl Into<Arc<[u8]>>,
        limits: &Limits,
    ) -> Result<Self, RevocationError> {
        parse::crl(octets.into(), limits).map(|parsed| Self(Arc::new(parsed)))
    }

    /// Reads a list in DER or wrapped in PEM (RFC 7468), whichever it is: distribution points
    /// serve both, whatever they call it.
    ///
    /// # Errors
    /// As [`Crl::from_der`], and a PEM block that is not closed or no base64.
    pub fn from_der_or_pem(octets: &[u8], limits: &Limits) -> Result<Self, RevocationError> {
        pem::limited(octets, limits)?;
        match pem::unwrapped(octets)? {
            Some(der) => Self::from_der(der, limits),
            None => Self::from_der(octets, limits),
        }
    }

    /// The octets as received, without PEM.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The octets as received, shared.
    #[must_use]
    pub fn shared_der(&self) -> Arc<[u8]> {
        Arc::clone(&self.0.der)
    }

    /// Who issued the list.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.0.issuer
    }

    /// When the list was issued.
    #[must_use]
    pub fn this_update(&self) -> UnixTime {
        self.0.this_update
    }

    /// By when the next one will be; RFC 5280, 5.1.2.5 demands it, X.509 does not.
    #[must_use]
    pub fn next_update(&self) -> Option<UnixTime> {
        self.0.next_update
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.index.len()
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries with this serial number, in the order of the list: several on an indirect
    /// list, where the certificate issuer tells them apart. Found by halving, not by reading all.
    pub fn entries_of(&self, serial: &SerialNumber) -> impl Iterator<Item = CrlEntry<'_>> {
        let places = self.0.index.places_of(&self.0.der, serial.as_octets());
        places.iter().map(|place| CrlEntry::new(&self.0, place))
    }

    /// All entries, by serial number.
    pub fn entries(&self) -> impl Iterator<Item = CrlEntry<'_>> {
        let places = self.0.index.places();
        places.iter().map(|place| CrlEntry::new(&self.0, place))
    }

    /// The octets the issuer signed.
    #[must_use]
    pub fn tbs_cert_list(&self) -> &[u8] {
        let range = self.0.tbs_cert_list.clone();
        self.0.der.get(range).unwrap_or_default()
    }

    /// The algorithm of the signature.
    #[must_use]
    pub fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.0.signature_algorithm
    }

    /// The signature value.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        &self.0.signature_value
    }

    /// Whether the signature holds under `issuer_key`. Names and purposes are not looked at.
    ///
    /// # Errors
    /// It does not hold or could not be decided.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), RevocationSignatureError> {
        if self.0.signature_algorithm != self.0.signed_algorithm {
            return Err(RevocationSignatureError::AlgorithmsDiffer);
        }
        verify_signature(
            self.signature_algorithm(),
            self.tbs_cert_list(),
            self.signature_value(),
            issuer_key,
        )
    }

    /// All extensions in the order written.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// CRL number (RFC 5280, 5.2.3).
    #[must_use]
    pub fn number(&self) -> Option<&CrlNumber> {
        self.0.known.number.as_ref()
    }

    /// Delta CRL indicator (RFC 5280, 5.2.4): the number of the complete list that this one only
    /// adds to. A list with it is never complete by itself.
    #[must_use]
    pub fn delta_base(&self) -> Option<&CrlNumber> {
        self.0.known.delta_base.as_ref()
    }

    /// The key identifier of the authority key identifier (RFC 5280, 5.2.1).
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.known.authority_key_identifier.as_deref()
    }

    /// Issuing distribution point (RFC 5280, 5.2.5); without it the list is about all
    /// certificates of its issuer.
    #[must_use]
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.0.known.issuing_distribution_point.as_ref()
    }

    /// expiredCertsOnCRL (X.509, 9.5.2.8): certificates that expired since then stay listed.
    #[must_use]
    pub fn expired_certificates_since(&self) -> Option<UnixTime> {
        self.0.known.expired_certificates_since
    }

    /// Extensions that this crate knows but whose value it cannot read, so that the accessor
    /// answers `None` although the extension is there.
    #[must_use]
    pub fn unreadable_extensions(&self) -> &[ObjectIdentifier] {
        &self.0.known.unreadable
    }

    /// Critical extensions that this crate does not know: the list must not be used to say that a
    /// certificate is good (RFC 5280, 5.2).
    pub fn unknown_critical_extensions(&self) -> impl Iterator<Item = &ObjectIdentifier> {
        self.extensions()
            .iter()
            .filter(|extension| extension.critical && !extension::is_known(&extension.oid))
            .map(|extension| &extension.oid)
    }
}

impl Crl {
    /// The first critical extension of any entry that this crate does not know: the list must
    /// then not be used to say that a certificate is good (RFC 5280, 5.3).
    #[must_use]
    pub fn unknown_critical_entry_extension(&self) -> Option<&ObjectIdentifier> {
        self.0.index.unknown_critical()
    }
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Crl {}

impl fmt::Debug for Crl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Crl({}, {}, {} entries)",
            self.issuer(),
            self.this_update(),
            self.len()
        )
    }
}
