//! ML-DSA in pure mode with the empty context (FIPS 204, 5.3; RFC 9881, 3; RFC 9882, 3.2).
//! Does not know the message's structure; never signs.

use ml_dsa::{
    EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey,
};
use trien_types::Limits;

use super::{KeyKind, PublicKeyError};
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Asn1Error, ObjectIdentifier, Reader, Tag};
use crate::oid;

/// The encoding of a public key, as long as its parameter set fixes. It is expanded anew for each
/// value: the expanded key is twenty times as large, and most keys verify one value.
#[derive(Clone)]
pub(super) struct MlDsaKey {
    parameter_set: ParameterSet,
    octets: Vec<u8>,
}

/// FIPS 204, table 1.
#[derive(Clone, Copy)]
enum ParameterSet {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl ParameterSet {
    fn named_by(oid: &ObjectIdentifier) -> Option<Self> {
        match oid.known()? {
            oid::ML_DSA_44 => Some(Self::MlDsa44),
            oid::ML_DSA_65 => Some(Self::MlDsa65),
            oid::ML_DSA_87 => Some(Self::MlDsa87),
            _ => None,
        }
    }

    const fn kind(self) -> KeyKind {
        match self {
            Self::MlDsa44 => KeyKind::MlDsa44,
            Self::MlDsa65 => KeyKind::MlDsa65,
            Self::MlDsa87 => KeyKind::MlDsa87,
        }
    }

    /// FIPS 204, table 2.
    const fn key_octets(self) -> u16 {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
    }

    /// FIPS 204, table 2.
    const fn value_octets(self) -> usize {
        match self {
            Self::MlDsa44 => 2420,
            Self::MlDsa65 => 3309,
            Self::MlDsa87 => 4627,
        }
    }
}

impl MlDsaKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 9881, 4); `None` when it is none of ML-DSA.
    pub(super) fn from_subject_public_key_info(
        octets: &[u8],
    ) -> Result<Option<Self>, PublicKeyError> {
        let Ok((algorithm, bits)) = algorithm_and_bits(octets) else {
            return Ok(None);
        };
        let Some(parameter_set) = ParameterSet::named_by(algorithm.oid()) else {
            return Ok(None);
        };
        let kind = parameter_set.kind();
        // The first octet counts the unused bits.
        let [0, key @ ..] = bits else {
            return Err(PublicKeyError::MlDsaForm(kind));
        };
        if algorithm.parameters().is_some() {
            return Err(PublicKeyError::MlDsaForm(kind));
        }
        if key.len() != usize::from(parameter_set.key_octets()) {
            let found = key.len();
            return Err(PublicKeyError::MlDsaOctets { kind, found });
        }
        Ok(Some(Self {
            parameter_set,
            octets: key.to_vec(),
        }))
    }

    pub(super) const fn kind(&self) -> KeyKind {
        self.parameter_set.kind()
    }

    pub(super) fn bits(&self) -> u32 {
        u32::from(self.parameter_set.key_octets()).saturating_mul(8)
    }

    pub(super) const fn value_octets(&self) -> usize {
        self.parameter_set.value_octets()
    }

    /// Whether the value holds. A value of another length or with a malformed hint does not
    /// (FIPS 204, algorithms 3 and 27).
    pub(super) fn holds(&self, message: &[u8], value: &[u8]) -> bool {
        match self.parameter_set {
            ParameterSet::MlDsa44 => holds::<MlDsa44>(&self.octets, message, value),
            ParameterSet::MlDsa65 => holds::<MlDsa65>(&self.octets, message, value),
            ParameterSet::MlDsa87 => holds::<MlDsa87>(&self.octets, message, value),
        }
        .unwrap_or(false)
    }
}

fn holds<P: MlDsaParams>(key: &[u8], message: &[u8], value: &[u8]) -> Option<bool> {
    let key = EncodedVerifyingKey::<P>::try_from(key).ok()?;
    let value = Signature::<P>::try_from(value).ok()?;
    Some(VerifyingKey::<P>::decode(&key).verify_with_context(message, &[], &value))
}

/// ```text
/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
/// ```
fn algorithm_and_bits(octets: &[u8]) -> Result<(AlgorithmIdentifier, &[u8]), Asn1Error> {
    let mut outer = Reader::new(octets, &Limits::default());
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let algorithm = AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
    let bits = reader.expect(Tag::BIT_STRING)?;
    reader.finish()?;
    Ok((algorithm, bits.content()))
}
