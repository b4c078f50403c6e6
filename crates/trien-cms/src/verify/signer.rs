//! Which certificate is the signer's: the one the identifier names, bound by the
//! signing-certificate attributes (RFC 5652, 5.3; RFC 5035, 5.4). Never chosen by position.
//! Does not ask who issued it.

use trien_types::DigestAlgorithm;
use trien_x509::{Certificate, Digester};

use crate::attribute::EssCertificateId;
use crate::deviation::Deviation;
use crate::signed_data::SignedData;
use crate::signer_info::SignerInfo;
use crate::verdict::{BrokenBecause, Stop};

/// The signer's certificate among those in the structure and `additional`.
pub(super) fn find_signer(
    signer: &SignerInfo,
    signed_data: &SignedData,
    additional: &[Certificate],
    deviations: &mut Vec<Deviation>,
) -> Result<Certificate, Stop> {
    let (candidates, unreadable) = named_by(signer, signed_data, additional);
    let mut candidates = candidates.into_iter();
    let Some(first) = candidates.next() else {
        return Err(match unreadable {
            Unreadable::Some => BrokenBecause::SignerCertificateMalformed.into(),
            Unreadable::None => BrokenBecause::SignerCertificateAbsent.into(),
        });
    };
    let rest: Vec<Certificate> = candidates.collect();
    if !rest.is_empty() {
        deviations.push(Deviation::SeveralCertificatesOfSigner);
    }
    if !signer.identifier().names(&first) {
        deviations.push(Deviation::SignerNameEncodedDifferently);
    }
    let identifiers = signer.signing_certificates()?;
    if identifiers.is_empty() {
        if signer.signed_attributes().is_some() {
            deviations.push(Deviation::SigningCertificateAbsent);
        }
        // Several certificates of one issuer and serial number: the one whose key fits the value
        // is not searched for; without the attribute the first one stands.
        return Ok(first);
    }
    for certificate in std::iter::once(first).chain(rest) {
        if all_name(&identifiers, &certificate)? {
            issuer_serials(&identifiers, &certificate, deviations);
            return Ok(certificate);
        }
    }
    Err(BrokenBecause::SigningCertificateDiffers.into())
}

/// Whether a certificate in the structure could not be read.
#[derive(Clone, Copy)]
enum Unreadable {
    None,
    Some,
}

/// The certificates the signer identifier names, each once, those in the structure first.
pub(crate) fn certificates_of_signer(
    signer: &SignerInfo,
    signed_data: &SignedData,
    additional: &[Certificate],
) -> Vec<Certificate> {
    named_by(signer, signed_data, additional).0
}

fn named_by(
    signer: &SignerInfo,
    signed_data: &SignedData,
    additional: &[Certificate],
) -> (Vec<Certificate>, Unreadable) {
    let mut unreadable = Unreadable::None;
    let mut all: Vec<Certificate> = Vec::new();
    let parsed = signed_data.parsed_certificates();
    if parsed.iter().any(Result::is_err) {
        unreadable = Unreadable::Some;
    }
    for certificate in parsed.iter().flatten().chain(additional) {
        if !all.contains(certificate) {
            all.push(certificate.clone());
        }
    }
    let identifier = signer.identifier();
    let exactly = |certificate: &&Certificate| identifier.names(certificate);
    let found: Vec<Certificate> = all.iter().filter(exactly).cloned().collect();
    if !found.is_empty() {
        return (found, unreadable);
    }
    all.retain(|certificate| identifier.names_as_text(certificate));
    (all, unreadable)
}

fn all_name(identifiers: &[EssCertificateId], certificate: &Certificate) -> Result<bool, Stop> {
    for identifier in identifiers {
        let algorithm = identifier.hash_algorithm.digest()?;
        let id = certificate.id();
        let holds = if algorithm == DigestAlgorithm::Sha256 {
            identifier.hash == id.as_octets()
        } else {
            let hash = Digester::digest(algorithm, certificate.as_der())?;
            identifier.hash == hash.as_octets()
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}

fn issuer_serials(
    identifiers: &[EssCertificateId],
    certificate: &Certificate,
    deviations: &mut Vec<Deviation>,
) {
    let own = certificate.issuer_and_serial();
    if identifiers
        .iter()
        .filter_map(|identifier| identifier.issuer_and_serial.as_ref())
        .any(|stated| *stated != own)
    {
        deviations.push(Deviation::EssIssuerSerialDiffers);
    }
}
