//! Trust anchors: certificates an administrator trusts, until when and what for.
//! Knows no anchor by itself and takes none from documents (ATTACKS L7).

mod bounds;
mod file;
mod folder;
mod folder_error;
mod known;

use std::collections::HashMap;

use trien_types::{CertificateId, UnixTime};
use trien_x509::Certificate;

use crate::name_key::NameKey;
use crate::purpose::AnchorPurposes;

pub use bounds::AnchorBoundsError;
pub use folder::{AnchorFolder, FolderLimits};
pub use folder_error::{AnchorFolderError, AnchorProblem, AnchorProblemKind};
pub use known::{KnownCertificate, KnownRole};

/// The certificates in octets of unknown form: DER, PEM (RFC 7468), PKCS#7 (RFC 2315) of either, as
/// issuers serve them (RFC 5280, 4.2.2.1). What is none is left out. Nothing is trusted by this.
#[must_use]
pub fn certificates_in(octets: &[u8]) -> Vec<Certificate> {
    file::certificates(octets)
        .into_iter()
        .filter_map(Result::ok)
        .collect()
}

/// A certificate that is trusted without an issuer of its own, and the bounds of that trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustAnchor {
    certificate: Certificate,
    valid_until: Option<UnixTime>,
    purposes: AnchorPurposes,
}

impl TrustAnchor {
    /// Trusts `certificate` for every purpose, as long as it is valid itself. It need not be
    /// self-signed.
    #[must_use]
    pub const fn new(certificate: Certificate) -> Self {
        Self {
            certificate,
            valid_until: None,
            purposes: AnchorPurposes::All,
        }
    }

    /// Ends the trust: paths at later times do not count (EN 319 102-1 speaks of a sunset date).
    #[must_use]
    pub const fn with_valid_until(mut self, last_moment: UnixTime) -> Self {
        self.valid_until = Some(last_moment);
        self
    }

    /// Narrows the trust to `purposes`.
    #[must_use]
    pub const fn with_purposes(mut self, purposes: AnchorPurposes) -> Self {
        self.purposes = purposes;
        self
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The last moment of the trust; `None` when only the certificate's own validity ends it.
    #[must_use]
    pub const fn valid_until(&self) -> Option<UnixTime> {
        self.valid_until
    }

    /// What it is trusted for.
    #[must_use]
    pub const fn purposes(&self) -> AnchorPurposes {
        self.purposes
    }
}

/// The trust anchors of a run. Invariant: no certificate twice.
#[derive(Debug, Clone, Default)]
pub struct TrustAnchors {
    anchors: Vec<TrustAnchor>,
    by_id: HashMap<CertificateId, usize>,
    by_subject: HashMap<NameKey, Vec<usize>>,
}

impl TrustAnchors {
    /// Trusts every certificate for every purpose.
    #[must_use]
    pub fn from_certificates(certificates: impl IntoIterator<Item = Certificate>) -> Self {
        certificates.into_iter().map(TrustAnchor::new).collect()
    }

    /// Adds an anchor unless its certificate is there already: the first one's bounds count.
    pub fn add(&mut self, anchor: TrustAnchor) {
        let id = anchor.certificate.id();
        if self.by_id.contains_key(&id) {
            return;
        }
        let position = self.anchors.len();
        self.by_id.insert(id, position);
        self.by_subject
            .entry(NameKey::of(anchor.certificate.subject()))
            .or_default()
            .push(position);
        self.anchors.push(anchor);
    }

    /// The anchor with this certificate.
    #[must_use]
    pub fn find(&self, id: CertificateId) -> Option<&TrustAnchor> {
        self.by_id
            .get(&id)
            .and_then(|position| self.anchors.get(*position))
    }

    /// The anchors in the order they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, TrustAnchor> {
        self.anchors.iter()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.anchors.len()
    }

    /// Whether there is none: then nothing can be trusted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    pub(crate) fn with_subject<'a>(
        &'a self,
        subject: &NameKey,
    ) -> impl Iterator<Item = &'a TrustAnchor> {
        self.by_subject
            .get(subject)
            .into_iter()
            .flatten()
            .filter_map(|position| self.anchors.get(*position))
    }
}

impl FromIterator<TrustAnchor> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = TrustAnchor>>(anchors: I) -> Self {
        let mut all = Self::default();
        all.extend(anchors);
        all
    }
}

impl Extend<TrustAnchor> for TrustAnchors {
    fn extend<I: IntoIterator<Item = TrustAnchor>>(&mut self, anchors: I) {
        for anchor in anchors {
            self.add(anchor);
        }
    }
}

impl<'a> IntoIterator for &'a TrustAnchors {
    type Item = &'a TrustAnchor;
    type IntoIter = std::slice::Iter<'a, TrustAnchor>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
