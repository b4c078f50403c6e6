//! A pool of CRLs and OCSP responses, each once, named by its content.
//! Does not judge them; what cannot be read is kept with the reason.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use trien_types::Limits;
use trien_x509::{
    BasicOcspResponse, Crl, OcspResponse, OcspResponseStatus, PublicKey, RevocationError,
    RevocationSignatureError,
};

/// SHA-256 of evidence as received; of a CRL in PEM, of the DER inside.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EvidenceId([u8; 32]);

impl EvidenceId {
    fn of(octets: &[u8]) -> Self {
        Self(openssl::sha::sha256(octets))
    }

    /// The 32 octets of the SHA-256.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Hexadecimal.
impl fmt::Display for EvidenceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&trien_types::encode_hex(&self.0))
    }
}

impl fmt::Debug for EvidenceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EvidenceId({self})")
    }
}

/// What evidence was offered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// A CRL.
    Crl,
    /// An `OCSPResponse`, or a `BasicOCSPResponse` by itself.
    Ocsp,
}

/// Octets that were offered as evidence and cannot be read as such.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableEvidence {
    /// Their name.
    pub id: EvidenceId,
    /// What they were offered as.
    pub kind: EvidenceKind,
    /// The octets as received.
    pub octets: Arc<[u8]>,
    /// Why not.
    pub error: RevocationError,
}

/// One readable piece. Signatures are verified once for each key, for all questions.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: EvidenceId,
    pub(super) data: Data,
    verified: Mutex<HashMap<Vec<u8>, Result<(), RevocationSignatureError>>>,
}

#[derive(Debug)]
pub(super) enum Data {
    Crl(Crl),
    Ocsp {
        octets: Arc<[u8]>,
        /// Successful where there is no envelope to say otherwise.
        status: OcspResponseStatus,
        basic: Option<BasicOcspResponse>,
    },
}

impl Item {
    /// What is known of the signature under the key with this `SubjectPublicKeyInfo`.
    pub(super) fn known(&self, key: &[u8]) -> Option<Result<(), RevocationSignatureError>> {
        let verified = self.verified.lock();
        let verified = verified.unwrap_or_else(PoisonError::into_inner);
        verified.get(key).cloned()
    }

    /// Verifies the signature, and remembers what came of it.
    pub(super) fn verify(
        &self,
        info: &[u8],
        key: &PublicKey,
    ) -> Result<(), RevocationSignatureError> {
        let result = match &self.data {
            Data::Crl(crl) => crl.verify_signature(key),
            Data::Ocsp { basic, .. } => basic
                .as_ref()
                .map_or(Ok(()), |basic| basic.verify_signature(key)),
        };
        let verified = self.verified.lock();
        let mut verified = verified.unwrap_or_else(PoisonError::into_inner);
        verified.insert(info.to_vec(), result.clone());
        result
    }
}

/// Revocation evidence of a run. Cheap to clone. Invariant: no octets twice.
///
/// The caller bounds how much is offered; questions cost a look at every piece and, within
/// [`Budget::signatures`](crate::Budget::signatures), a signature for those that may fit.
#[derive(Debug, Clone, Default)]
pub struct RevocationEvidence {
    items: Vec<Arc<Item>>,
    by_id: HashMap<EvidenceId, Place>,
    unreadable: Vec<UnreadableEvidence>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Read(usize),
    Unreadable(usize),
}

impl RevocationEvidence {
    /// Adds a CRL in DER or PEM, unless it is there already.
    /// Octets that are none are kept in [`Self::unreadable`].
    pub fn add_crl(&mut self, octets: &[u8], limits: &Limits) -> EvidenceId {
        match Crl::from_der_or_pem(octets, limits) {
            Ok(crl) => self.add(EvidenceId::of(crl.as_der()), || Data::Crl(crl)),
            Err(error) => self.keep(octets, EvidenceKind::Crl, error),
        }
    }

    /// Adds an `OCSPResponse` (RFC 6960, 4.2.1), unless it is there already.
    /// Octets that are none are kept as with [`Self::add_crl`].
    pub fn add_ocsp_response(&mut self, octets: &[u8], limits: &Limits) -> EvidenceId {
        match OcspResponse::from_der(octets, limits) {
            Ok(response) => self.add(EvidenceId::of(octets), || Data::Ocsp {
                octets: octets.into(),
                status: response.status(),
                basic: response.basic().cloned(),
            }),
            Err(error) => self.keep(octets, EvidenceKind::Ocsp, error),
        }
    }

    /// Adds a `BasicOCSPResponse` by itself, as CAdES embeds it, unless it is there already.
    /// Octets that are none are kept as with [`Self::add_crl`].
    pub fn add_basic_ocsp_response(&mut self, octets: &[u8], limits: &Limits) -> EvidenceId {
        match BasicOcspResponse::from_der(octets, limits) {
            Ok(basic) => self.add(EvidenceId::of(octets), || Data::Ocsp {
                octets: octets.into(),
                status: OcspResponseStatus::Successful,
                basic: Some(basic),
            }),
            Err(error) => self.keep(octets, EvidenceKind::Ocsp, error),
        }
    }

    fn add(&mut self, id: EvidenceId, data: impl FnOnce() -> Data) -> EvidenceId {
        if !matches!(self.by_id.get(&id), Some(Place::Read(_))) {
            self.by_id.insert(id, Place::Read(self.items.len()));
            self.items.push(Arc::new(Item {
                id,
                data: data(),
                verified: Mutex::default(),
            }));
        }
        id
    }

    fn keep(&mut self, octets: &[u8], kind: EvidenceKind, error: RevocationError) -> EvidenceId {
        let id = EvidenceId::of(octets);
        if let std::collections::hash_map::Entry::Vacant(place) = self.by_id.entry(id) {
            place.insert(Place::Unreadable(self.unreadable.len()));
            self.unreadable.push(UnreadableEvidence {
                id,
                kind,
                octets: octets.into(),
                error,
            });
        }
        id
    }

    fn item(&self, id: EvidenceId) -> Option<&Item> {
        match self.by_id.get(&id)? {
            Place::Read(place) => self.items.get(*place).map(Arc::as_ref),
            Place::Unreadable(_) => None,
        }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.iter()
    }

    /// The CRL of this name.
    #[must_use]
    pub fn crl(&self, id: EvidenceId) -> Option<&Crl> {
        match &self.item(id)?.data {
            Data::Crl(crl) => Some(crl),
            Data::Ocsp { .. } => None,
        }
    }

    /// The OCSP answer of this name; `None` too when the responder did not answer.
    #[must_use]
    pub fn ocsp(&self, id: EvidenceId) -> Option<&BasicOcspResponse> {
        match &self.item(id)?.data {
            Data::Crl(_) => None,
            Data::Ocsp { basic, .. } => basic.as_ref(),
        }
    }

    /// The octets of this name as received (a CRL without PEM), readable or not.
    #[must_use]
    pub fn octets(&self, id: EvidenceId) -> Option<&[u8]> {
        match self.by_id.get(&id)? {
            Place::Read(place) => self.items.get(*place).map(|item| match &item.data {
                Data::Crl(crl) => crl.as_der(),
                Data::Ocsp { octets, .. } => octets,
            }),
            Place::Unreadable(place) => self.unreadable.get(*place).map(|kept| &*kept.octets),
        }
    }

    /// The readable pieces in the order they were added.
    pub fn ids(&self) -> impl Iterator<Item = (EvidenceId, EvidenceKind)> {
        self.items.iter().map(|item| {
            let kind = match &item.data {
                Data::Crl(_) => EvidenceKind::Crl,
                Data::Ocsp { .. } => EvidenceKind::Ocsp,
            };
            (item.id, kind)
        })
    }

    /// What was offered and cannot be read.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableEvidence] {
        &self.unreadable
    }

    /// How many readable pieces there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no readable piece.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
