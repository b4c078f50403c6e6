//! Whether one SignerInfo's digest and value hold (RFC 5652, 5.4 and 5.6; RFC 5035, 5).
//! Does not know /SubFilter: `contents` sets the rules.

mod signer;

use trien_types::{Digest, DigestAlgorithm, Limits, SignatureScheme, Strength};
use trien_x509::asn1::Framing;
use trien_x509::{Certificate, PublicKey, VerifyError};

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

/// Verifies the only signer of `signed_data` over `content`.
pub(crate) fn verify_signer(
    signed_data: &SignedData,
    content: &dyn SignedSpans,
    additional: &[Certificate],
    rule: SignedAttributesRule,
) -> Result<SignerIntact, Stop> {
    let signer = only_signer(signed_data)?;
    let mut deviations = Vec::new();
    if signed_data.framing() == Framing::Ber {
        deviations.push(Deviation::BerEncoding);
    }
    let malformed = signer.unsigned_attributes().malformed();
    deviations.extend(
        malformed
            .iter()
            .map(|offset| Deviation::UnsignedAttributeMalformed { offset: *offset }),
    );

    let (digest_algorithm, scheme) = algorithms(signer)?;
    if !signed_data
        .digest_algorithms()
        .iter()
        .any(|listed| listed.digest() == Ok(digest_algorithm))
    {
        deviations.push(Deviation::DigestNotListed);
    }
    weaknesses(scheme, &mut deviations);
    let certificate = find_signer(signer, signed_data, additional, &mut deviations)?;
    let key = certificate.public_key()?;

    if signer.signed_attributes().is_some() {
        attributes_match(signed_data, signer, &content.digest(digest_algorithm)?)?;
        value_over_attributes(signer, &key, scheme, &mut deviations)?;
    } else {
        if rule == SignedAttributesRule::Required || *signed_data.content_type() != oid::ID_DATA {
            // The error names the first attribute that RFC 5652, 5.3 demands.
            signer.content_type()?;
        }
        deviations.push(Deviation::SignedAttributesAbsent);
        value_over_content(signer, &key, scheme, content)?;
    }
    Ok(SignerIntact::new(
        certificate,
        digest_algorithm,
        scheme,
        deviations,
    ))
}

/// ATTACKS M7 and B11.
pub(crate) fn only_signer(signed_data: &SignedData) -> Result<&SignerInfo, BrokenBecause> {
    if let Trailing::Other { offset } = signed_data.trailing() {
        return Err(BrokenBecause::TrailingOctets { offset });
    }
    match signed_data.signer_infos() {
        [] => Err(BrokenBecause::NoSigner),
        [signer] => Ok(signer),
        several => Err(BrokenBecause::SeveralSigners {
            count: several.len(),
        }),
    }
}

/// The digest over the content and the scheme of the value, which must agree (ATTACKS M8).
pub(crate) fn algorithms(signer: &SignerInfo) -> Result<(DigestAlgorithm, SignatureScheme), Stop> {
    let identifier = signer.signature_algorithm();
    // EdDSA over the content itself uses no digest, so the one stated means nothing there.
    if signer.signed_attributes().is_none()
        && let Ok(scheme @ (SignatureScheme::Ed25519 | SignatureScheme::Ed448)) =
            identifier.signature_scheme(None)
    {
        return Ok((scheme.digest_algorithm(), scheme));
    }
    let digest = signer.digest_algorithm().digest()?;
    Ok((digest, identifier.signature_scheme(Some(digest))?))
}

fn weaknesses(scheme: SignatureScheme, deviations: &mut Vec<Deviation>) {
    let digest = scheme.digest_algorithm();
    if digest.strength() == Strength::Weak {
        deviations.push(Deviation::WeakDigest(digest));
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

/// RFC 5652, 5.6 and 11: the attributes state the content's type and digest.
fn attributes_match(
    signed_data: &SignedData,
    signer: &SignerInfo,
    digest: &Digest,
) -> Result<(), Stop> {
    let stated = signer.content_type()?;
    if stated != *signed_data.content_type() {
        return Err(BrokenBecause::ContentTypeDiffers {
            attribute: stated,
            content: signed_data.content_type().clone(),
        }
        .into());
    }
    if signer.message_digest()? != digest.as_octets() {
        return Err(BrokenBecause::MessageDigestDiffers.into());
    }
    Ok(())
}

/// RFC 5652, 5.4: the value is over the DER of the attributes. Attributes that came in another
/// order are put in it first (ATTACKS M12); inside each, what was received comes first, because
/// signers write nested sets as they please and hash what they wrote.
fn value_over_attributes(
    signer: &SignerInfo,
    key: &PublicKey,
    scheme: SignatureScheme,
    deviations: &mut Vec<Deviation>,
) -> Result<(), Stop> {
    let limits = Limits::default();
    let Some(received) = signer.signed_attributes_as_received() else {
        return Ok(());
    };
    let ordered = signer.signed_attributes_in_der_order();
    let full = signer.signed_attributes_in_der(&limits);
    let mut fault = VerifyError::ValueDoesNotHold;
    for octets in [ordered, full].into_iter().flatten() {
        match key.verify(scheme, &octets, signer.signature()) {
            Ok(()) => {
                if octets != received {
                    deviations.push(Deviation::SignedAttributesNotInDer);
                }
                return Ok(());
            }
            Err(error) => fault = error,
        }
    }
    match key.verify(scheme, &received, signer.signature()) {
        Ok(()) => Err(BrokenBecause::SignedAttributesOnlyAsReceived.into()),
        Err(_) => Err(fault.into()),
    }
}

fn value_over_content(
    signer: &SignerInfo,
    key: &PublicKey,
    scheme: SignatureScheme,
    content: &dyn SignedSpans,
) -> Result<(), Stop> {
    if matches!(scheme, SignatureScheme::Ed25519 | SignatureScheme::Ed448) {
        key.verify(scheme, &content.octets(), signer.signature())?;
    } else {
        let digest = content.digest(scheme.digest_algorithm())?;
        key.verify_digest(scheme, &digest, signer.signature())?;
    }
    Ok(())
}
