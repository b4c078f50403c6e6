//! Whether one SignerInfo's digest and value hold (RFC 5652, 5.4 and 5.6; RFC 5035, 5).
//! Does not know /SubFilter: `contents` sets the rules.

mod contradiction;
mod signer;

use trien_types::{
    ContentDigest, Digest, DigestAlgorithm, Limits, SignatureInput, SignatureScheme, Strength,
};
use trien_x509::asn1::Framing;
use trien_x509::{AlgorithmError, Certificate, PublicKey, VerifyError};

use crate::deviation::Deviation;
use crate::oid;
use crate::signed_data::{SignedData, Trailing};
use crate::signer_info::SignerInfo;
use crate::spans::SignedSpans;
use crate::verdict::{BrokenBecause, SignerIntact, Stop};
pub(crate) use signer::certificates_of_signer;
use signer::find_signer;

/// Whether signed attributes may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedAttributesRule {
    /// They may (ATTACKS M6).
    Optional,
    /// They may not: the content is no plain data (RFC 5652, 5.3; RFC 3161, 2.4.2).
    Required,
}

/// Verifies the only signer of `signed_data` over `content`. What is not supported leaves a
/// signature undecided only where nothing that can be seen speaks against it.
pub(crate) fn verify_signer(
    signed_data: &SignedData,
    content: &dyn SignedSpans,
    additional: &[Certificate],
    rule: SignedAttributesRule,
) -> Result<SignerIntact, Stop> {
    let signer = only_signer(signed_data)?;
    let decided = decide(signed_data, signer, content, additional, rule);
    if matches!(decided, Err(Stop::Unsupported(_))) {
        contradiction::refuse(signed_data, signer, content, additional)?;
    }
    decided
}

fn decide(
    signed_data: &SignedData,
    signer: &SignerInfo,
    content: &dyn SignedSpans,
    additional: &[Certificate],
    rule: SignedAttributesRule,
) -> Result<SignerIntact, Stop> {
    let mut deviations = Vec::new();
    deviations.extend(trailing_allowed(signed_data.trailing())?);
    if signed_data.framing() == Framing::Ber {
        deviations.push(Deviation::BerEncoding);
    }
    let malformed = signer.unsigned_attributes().malformed();
    deviations.extend(
        malformed
            .iter()
            .map(|offset| Deviation::UnsignedAttributeMalformed { offset: *offset }),
    );

    let algorithms = algorithms(signer)?;
    let digest_algorithm = algorithms.content;
    let content_digest_counts =
        signer.signed_attributes().is_some() || algorithms.scheme.input() == SignatureInput::Digest;
    if content_digest_counts
        && !signed_data
            .digest_algorithms()
            .iter()
            .any(|listed| listed.digest() == Ok(digest_algorithm))
    {
        deviations.push(Deviation::DigestNotListed);
    }
    let certificate = find_signer(signer, signed_data, additional, &mut deviations)?;
    let key = certificate.public_key()?;

    let scheme = if signer.signed_attributes().is_some() {
        attributes_match(signed_data, signer, &content.digest(digest_algorithm)?)?;
        value_over_attributes(signer, &key, &algorithms, &mut deviations)?
    } else {
        if rule == SignedAttributesRule::Required || *signed_data.content_type() != oid::ID_DATA {
            // The error names the first attribute that RFC 5652, 5.3 demands.
            signer.content_type()?;
        }
        deviations.push(Deviation::SignedAttributesAbsent);
        value_over_content(signer, &key, &algorithms, content)?
    };
    oddities(signer, &algorithms, scheme, &mut deviations);
    Ok(SignerIntact::new(
        certificate,
        digest_algorithm,
        scheme,
        deviations,
    ))
}

/// ATTACKS B10 and B11: zeros are padding, residue is noted, a second structure is refused.
pub(crate) fn trailing_allowed(trailing: Trailing) -> Result<Option<Deviation>, BrokenBecause> {
    match trailing {
        Trailing::Nothing | Trailing::Zeros { .. } => Ok(None),
        Trailing::Residue { offset } => Ok(Some(Deviation::TrailingResidue { offset })),
        Trailing::Structure { offset } => Err(BrokenBecause::TrailingStructure { offset }),
    }
}

/// ATTACKS M7.
fn only_signer(signed_data: &SignedData) -> Result<&SignerInfo, BrokenBecause> {
    match signed_data.signer_infos() {
        [] => Err(BrokenBecause::NoSigner),
        [signer] => Ok(signer),
        several => Err(BrokenBecause::SeveralSigners {
            count: several.len(),
        }),
    }
}

/// What a signer digested the content with, and how it made the value.
struct Algorithms {
    content: DigestAlgorithm,
    /// As the signature algorithm says.
    scheme: SignatureScheme,
    /// With the digest of the content, where the signature algorithm names another one.
    with_content_digest: Option<SignatureScheme>,
}

/// ATTACKS M8. `EdDSA` fixes its digest and must agree with the one stated (RFC 8419, 3.1);
/// ML-DSA goes with any (RFC 9882, 3.3).
/// Elsewhere signers exist that state two digests, and either may be the one the value is made
/// with: OpenSSL and iText go by the digest algorithm, others by the signature algorithm. A value
/// that holds under one of them cannot have been made without the key; the difference is noted.
fn algorithms(signer: &SignerInfo) -> Result<Algorithms, Stop> {
    let identifier = signer.signature_algorithm();
    let stated = signer.digest_algorithm().digest();
    let scheme = if identifier.leaves_digest_open() {
        identifier.signature_scheme(Some(stated.clone()?))?
    } else {
        identifier.signature_scheme(None)?
    };
    let fixed = scheme.digest_algorithm();
    if scheme.input() == SignatureInput::Message && signer.signed_attributes().is_none() {
        // The value is over the content itself, without a digest: the one stated means nothing
        // (RFC 9882, 3.3).
        return Ok(Algorithms {
            content: fixed,
            scheme,
            with_content_digest: None,
        });
    }
    let content = stated?;
    let with_content_digest = match scheme {
        _ if scheme.content_digest(content) != ContentDigest::Contradicts => None,
        SignatureScheme::RsaPkcs1v15(_) => Some(SignatureScheme::RsaPkcs1v15(content)),
        SignatureScheme::Ecdsa(_) => Some(SignatureScheme::Ecdsa(content)),
        SignatureScheme::Dsa(_) => Some(SignatureScheme::Dsa(content)),
        SignatureScheme::RsaPss(_) => None,
        SignatureScheme::Ed25519
        | SignatureScheme::Ed448
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | _ => {
            return Err(AlgorithmError::DigestMismatch {
                stated: content,
                fixed,
            }
            .into());
        }
    };
    Ok(Algorithms {
        content,
        scheme,
        with_content_digest,
    })
}

impl Algorithms {
    /// The digests of the content that verifying asks for.
    fn of_content(&self, signer: &SignerInfo) -> Vec<DigestAlgorithm> {
        if signer.signed_attributes().is_some() {
            vec![self.content]
        } else {
            self.schemes()
                .filter(|scheme| scheme.input() == SignatureInput::Digest)
                .map(SignatureScheme::digest_algorithm)
                .collect()
        }
    }

    fn schemes(&self) -> impl Iterator<Item = SignatureScheme> {
        std::iter::once(self.scheme).chain(self.with_content_digest)
    }
}

/// The digests of the content that verifying `signer` asks for. Where the signature algorithm is
/// unknown, the digest stated tells whether the content was changed.
pub(crate) fn content_digests(signer: &SignerInfo) -> Vec<DigestAlgorithm> {
    match algorithms(signer) {
        Ok(algorithms) => algorithms.of_content(signer),
        Err(_) if signer.signed_attributes().is_some() => {
            signer.digest_algorithm().digest().into_iter().collect()
        }
        Err(_) => Vec::new(),
    }
}

fn oddities(
    signer: &SignerInfo,
    algorithms: &Algorithms,
    scheme: SignatureScheme,
    deviations: &mut Vec<Deviation>,
) {
    let content = algorithms.content;
    match algorithms.scheme.content_digest(content) {
        ContentDigest::Contradicts => deviations.push(Deviation::DigestsDiffer {
            content,
            value: algorithms.scheme.digest_algorithm(),
        }),
        ContentDigest::WeakerThanScheme => deviations.push(Deviation::DigestWeakerThanScheme {
            content,
            scheme: algorithms.scheme,
        }),
        ContentDigest::Suitable | _ => {}
    }
    let mut used = vec![scheme.digest_algorithm()];
    if signer.signed_attributes().is_some() && !used.contains(&content) {
        used.push(content);
    }
    deviations.extend(
        used.into_iter()
            .filter(|digest| digest.strength() == Strength::Weak)
            .map(Deviation::WeakDigest),
    );
    let identifier = signer.signature_algorithm();
    if identifier.leaves_digest_open() && !identifier.is_rsa_encryption() {
        deviations.push(Deviation::KeyAlgorithmForSignature);
    }
    if let SignatureScheme::RsaPss(parameters) = scheme
        && parameters.digest != parameters.mask_digest
    {
        deviations.push(Deviation::MaskDigestDiffers {
            message: parameters.digest,
            mask: parameters.mask_digest,
        });
    }
}

/// What octets of a PDF that is being signed have in them (ISO 32000-2, 7.5.2 and 12.8.1), and
/// attributes never.
const MARKS_OF_A_DOCUMENT: [&[u8]; 2] = [b"%PDF-", b"/ByteRange"];

/// A value without signed attributes is over the content itself. Where that content is framed as
/// attributes, somebody else can hand them in as those of another content: the value holds for both.
fn attributes_are_no_document(signer: &SignerInfo) -> Result<(), Stop> {
    let received = signer.signed_attributes_as_received().unwrap_or_default();
    let has = |mark: &&[u8]| received.windows(mark.len()).any(|part| *part == **mark);
    if MARKS_OF_A_DOCUMENT.iter().any(has) {
        return Err(BrokenBecause::AttributesHoldDocument.into());
    }
    Ok(())
}

/// RFC 5652, 5.6 and 11: the attributes state the content's type and digest.
fn attributes_match(
    signed_data: &SignedData,
    signer: &SignerInfo,
    digest: &Digest,
) -> Result<(), Stop> {
    content_type_matches(signed_data, signer)?;
    attributes_are_no_document(signer)?;
    if signer.message_digest()? != digest.as_octets() {
        return Err(BrokenBecause::MessageDigestDiffers.into());
    }
    Ok(())
}

fn content_type_matches(signed_data: &SignedData, signer: &SignerInfo) -> Result<(), Stop> {
    let stated = signer.content_type()?;
    if stated != *signed_data.content_type() {
        return Err(BrokenBecause::ContentTypeDiffers {
            attribute: stated,
            content: signed_data.content_type().clone(),
        }
        .into());
    }
    Ok(())
}

/// RFC 5652, 5.4: the value is over the DER of the attributes. Attributes that came in another
/// order are put in it first (ATTACKS M12); inside each, what was received comes first, because
/// signers write nested sets as they please and hash what they wrote. Last comes the order
/// received: signers that do not sort exist in numbers, OpenSSL takes their signatures, and since
/// the octets are the ones received nothing can be forged by it. Gives the scheme that holds.
fn value_over_attributes(
    signer: &SignerInfo,
    key: &PublicKey,
    algorithms: &Algorithms,
    deviations: &mut Vec<Deviation>,
) -> Result<SignatureScheme, Stop> {
    let limits = Limits::default();
    let received = signer.signed_attributes_as_received().unwrap_or_default();
    // Each made when it is asked for: the first is what nearly all signers signed.
    let in_der: [&dyn Fn() -> Option<Vec<u8>>; 2] =
        [&|| signer.signed_attributes_in_der_order(), &|| {
            signer.signed_attributes_in_der(&limits)
        }];
    let mut fault = None;
    let mut holds = |scheme, octets: &[u8]| match key.verify(scheme, octets, signer.signature()) {
        Ok(()) => true,
        Err(error) => {
            fault.get_or_insert(error);
            false
        }
    };
    for scheme in algorithms.schemes() {
        for form in in_der {
            if let Some(octets) = form()
                && holds(scheme, &octets)
            {
                if octets != received {
                    deviations.push(Deviation::SignedAttributesNotInDer);
                }
                return Ok(scheme);
            }
        }
        if holds(scheme, &received) {
            deviations.push(Deviation::SignedAttributesOnlyAsReceived);
            return Ok(scheme);
        }
    }
    Err(fault.unwrap_or(VerifyError::ValueDoesNotHold).into())
}

/// Gives the scheme that holds.
fn value_over_content(
    signer: &SignerInfo,
    key: &PublicKey,
    algorithms: &Algorithms,
    content: &dyn SignedSpans,
) -> Result<SignatureScheme, Stop> {
    let mut fault = None;
    for scheme in algorithms.schemes() {
        let result = if scheme.input() == SignatureInput::Message {
            key.verify(scheme, &content.octets(), signer.signature())
        } else {
            let digest = content.digest(scheme.digest_algorithm())?;
            key.verify_digest(scheme, &digest, signer.signature())
        };
        match result {
            Ok(()) => return Ok(scheme),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    Err(fault.unwrap_or(VerifyError::ValueDoesNotHold).into())
}
