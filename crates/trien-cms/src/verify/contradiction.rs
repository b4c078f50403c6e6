//! What speaks against a signature that cannot be decided: an unknown algorithm must not hide that
//! the document was changed. Asked only after the ordinary road has ended undecided.
//! Never finds a signature intact.

use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::{AlgorithmError, Certificate};

use super::{
    Algorithms, algorithms, attributes_match, content_type_matches, find_signer,
    value_over_attributes,
};
use crate::signed_data::SignedData;
use crate::signer_info::SignerInfo;
use crate::spans::SignedSpans;
use crate::verdict::{BrokenBecause, Stop};

/// ATTACKS M8: refuses what contradicts itself, its certificate or the signed spans.
pub(super) fn refuse(
    signed_data: &SignedData,
    signer: &SignerInfo,
    content: &dyn SignedSpans,
    additional: &[Certificate],
) -> Result<(), BrokenBecause> {
    let digest = signer.digest_algorithm().digest().ok();
    if signer.signed_attributes().is_some() {
        known(content_type_matches(signed_data, signer))?;
        known(signer.message_digest().map_err(Stop::from))?;
        if let Some(Ok(digest)) = digest.map(|known| content.digest(known)) {
            known(attributes_match(signed_data, signer, &digest))?;
        }
    }
    let scheme = scheme(signer, digest);
    if digest.is_none() {
        digest_fields_agree(signed_data, signer, scheme)?;
    }

    let certificate = known(find_signer(
        signer,
        signed_data,
        additional,
        &mut Vec::new(),
    ))?;
    let key = certificate.map(|certificate| certificate.public_key().map_err(Stop::from));
    let Some(key) = key.map(known).transpose()?.flatten() else {
        return Ok(());
    };
    if let Some(scheme) = scheme {
        known(key.fits(scheme).map_err(Stop::from))?;
    }
    if digest.is_none()
        && signer.signature_algorithm().is_rsa_encryption()
        && let Some(fixed) = key.pkcs1_digest_algorithm(signer.signature())
    {
        return Err(digests_contradict(signer, fixed));
    }
    if signer.signed_attributes().is_some()
        && let Some(algorithms) = value_algorithms(signer, scheme)
    {
        known(value_over_attributes(
            signer,
            &key,
            &algorithms,
            &mut Vec::new(),
        ))?;
    }
    Ok(())
}

/// What is not supported is no objection.
fn known<T>(result: Result<T, Stop>) -> Result<Option<T>, BrokenBecause> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Stop::Broken(because)) => Err(because),
        Err(Stop::Unsupported(_)) => Ok(None),
    }
}

/// The scheme as the signature algorithm alone tells it. One that leaves the digest open is told
/// with the digest stated, or with any when that is unknown: its kind of key is the same.
fn scheme(signer: &SignerInfo, digest: Option<DigestAlgorithm>) -> Option<SignatureScheme> {
    let identifier = signer.signature_algorithm();
    let stated = identifier
        .leaves_digest_open()
        .then_some(digest.unwrap_or(DigestAlgorithm::Sha256));
    identifier.signature_scheme(stated).ok()
}

/// RFC 5652, 5.1 and 5.3: an unknown digest stands where the set of digests, or the signature
/// algorithm, names another one.
fn digest_fields_agree(
    signed_data: &SignedData,
    signer: &SignerInfo,
    scheme: Option<SignatureScheme>,
) -> Result<(), BrokenBecause> {
    let stated = signer.digest_algorithm().oid();
    let listed = signed_data.digest_algorithms();
    if !listed.is_empty() && !listed.iter().any(|listed| listed.oid() == stated) {
        return Err(BrokenBecause::DigestNotListed(stated.clone()));
    }
    match scheme {
        Some(scheme)
            if !signer.signature_algorithm().leaves_digest_open() && !goes_with_any(scheme) =>
        {
            Err(digests_contradict(signer, scheme.digest_algorithm()))
        }
        _ => Ok(()),
    }
}

/// RFC 9882, 3.3.
const fn goes_with_any(scheme: SignatureScheme) -> bool {
    matches!(
        scheme,
        SignatureScheme::MlDsa44 | SignatureScheme::MlDsa65 | SignatureScheme::MlDsa87
    )
}

fn digests_contradict(signer: &SignerInfo, fixed: DigestAlgorithm) -> BrokenBecause {
    BrokenBecause::Algorithm(AlgorithmError::UnknownDigestMismatch {
        stated: signer.digest_algorithm().oid().clone(),
        fixed,
    })
}

/// How the value over the attributes was made, where that is known even though the content's
/// digest is not.
fn value_algorithms(signer: &SignerInfo, scheme: Option<SignatureScheme>) -> Option<Algorithms> {
    if let Ok(algorithms) = algorithms(signer) {
        return Some(algorithms);
    }
    let scheme = scheme.filter(|scheme| goes_with_any(*scheme))?;
    Some(Algorithms {
        content: scheme.digest_algorithm(),
        scheme,
        with_content_digest: None,
    })
}
