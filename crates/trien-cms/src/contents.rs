//! What stands in /Contents, by /SubFilter, and the rules of each format
//! (ISO 32000-2, 12.8.3; EN 319 142-1, 6; ATTACKS section 8).
//! Does not know where /Contents stands or whether the spans are the right ones.

mod bare_rsa;

use trien_types::{DigestAlgorithm, Limits};
use trien_x509::Certificate;

use crate::deviation::Deviation;
use crate::error::CmsError;
use crate::signed_data::SignedData;
use crate::signer_info::SignerInfo;
use crate::spans::SignedSpans;
use crate::sub_filter::SubFilter;
use crate::time_stamp::{TimeStampFault, TimeStampToken};
use crate::verdict::{BrokenBecause, SignerIntact, Stop, Verdict};
use crate::verify::{self, SignedAttributesRule, certificates_of_signer, verify_signer};
use bare_rsa::BareRsa;

/// A signature as read from a signature dictionary; [`SignatureContents::verify`] comes next.
#[derive(Debug, Clone)]
pub struct SignatureContents {
    sub_filter: SubFilter,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Cms(Box<SignedData>),
    BareRsa(BareRsa),
    TimeStamp(Box<TimeStampToken>),
}

impl SignatureContents {
    /// Reads the octets of /Contents, padding included, in the format `sub_filter` names.
    /// `certificate_entry` is /Cert, the signer's certificate first; only
    /// [`SubFilter::AdbeX509RsaSha1`] uses it.
    ///
    /// # Errors
    /// The octets are not of that format; the signature is then broken, not absent.
    pub fn parse(
        contents: &[u8],
        sub_filter: SubFilter,
        certificate_entry: &[Vec<u8>],
        limits: &Limits,
    ) -> Result<Self, CmsError> {
        let form = match sub_filter {
            SubFilter::AdbeX509RsaSha1 => {
                Form::BareRsa(BareRsa::parse(contents, certificate_entry, limits)?)
            }
            SubFilter::EtsiRfc3161 => {
                Form::TimeStamp(Box::new(TimeStampToken::parse(contents, limits)?))
            }
            SubFilter::AdbePkcs7Detached
            | SubFilter::AdbePkcs7Sha1
            | SubFilter::EtsiCadesDetached => {
                Form::Cms(Box::new(SignedData::parse(contents, limits)?))
            }
        };
        Ok(Self { sub_filter, form })
    }

    /// The format.
    #[must_use]
    pub const fn sub_filter(&self) -> SubFilter {
        self.sub_filter
    }

    /// The CMS structure, the token's for a time stamp; `None` for a bare RSA value.
    #[must_use]
    pub fn signed_data(&self) -> Option<&SignedData> {
        match &self.form {
            Form::Cms(signed_data) => Some(signed_data),
            Form::TimeStamp(token) => Some(token.signed_data()),
            Form::BareRsa(_) => None,
        }
    }

    /// The only signer's SignerInfo, if there is one.
    #[must_use]
    pub fn signer_info(&self) -> Option<&SignerInfo> {
        self.signed_data().and_then(SignedData::only_signer)
    }

    /// The token, for [`SubFilter::EtsiRfc3161`].
    #[must_use]
    pub fn time_stamp_token(&self) -> Option<&TimeStampToken> {
        match &self.form {
            Form::TimeStamp(token) => Some(token),
            Form::Cms(_) | Form::BareRsa(_) => None,
        }
    }

    /// All certificates that came with the signature and could be read, in the order received.
    #[must_use]
    pub fn certificates(&self) -> Vec<Certificate> {
        match &self.form {
            Form::BareRsa(bare) => bare.certificates().to_vec(),
            Form::Cms(_) | Form::TimeStamp(_) => self
                .signed_data()
                .map(SignedData::parsed_certificates)
                .unwrap_or_default()
                .iter()
                .flatten()
                .cloned()
                .collect(),
        }
    }

    /// The certificate that the signature says is the signer's, whether or not anything holds:
    /// to name a signer in the report of a broken signature.
    #[must_use]
    pub fn claimed_signer(&self, additional: &[Certificate]) -> Option<Certificate> {
        match &self.form {
            Form::BareRsa(bare) => bare.certificates().first().cloned(),
            Form::Cms(_) | Form::TimeStamp(_) => {
                let signed_data = self.signed_data()?;
                let signer = signed_data.signer_infos().first()?;
                certificates_of_signer(signer, signed_data, additional)
                    .into_iter()
                    .next()
            }
        }
    }

    /// The digests of the signed spans that [`SignatureContents::verify`] will ask for, so that
    /// they can be computed for many signatures in one pass.
    #[must_use]
    pub fn digest_algorithms(&self) -> Vec<DigestAlgorithm> {
        match (&self.form, self.sub_filter) {
            (Form::BareRsa(bare), _) => bare.digest_algorithm().into_iter().collect(),
            (Form::TimeStamp(token), _) => token
                .tst_info()
                .imprint_algorithm()
                .digest()
                .into_iter()
                .collect(),
            (Form::Cms(_), SubFilter::AdbePkcs7Sha1) => vec![DigestAlgorithm::Sha1],
            (Form::Cms(signed_data), _) => signed_data
                .only_signer()
                .map(verify::content_digests)
                .unwrap_or_default(),
        }
    }

    /// Whether the signature holds over `spans`. `additional` are certificates found elsewhere,
    /// such as in the security store, for signatures that do not bring their own.
    #[must_use]
    pub fn verify(&self, spans: &dyn SignedSpans, additional: &[Certificate]) -> Verdict {
        match &self.form {
            Form::BareRsa(bare) => bare.verify(spans),
            Form::TimeStamp(token) => document_time_stamp(token, spans, additional),
            Form::Cms(signed_data) if self.sub_filter == SubFilter::AdbePkcs7Sha1 => {
                over_embedded_sha1(signed_data, spans, additional)
            }
            Form::Cms(signed_data) => detached(signed_data, spans, additional),
        }
        .into()
    }
}

/// `adbe.pkcs7.detached` and `ETSI.CAdES.detached`: no content, not even an empty one
/// (ATTACKS M5).
fn detached(
    signed_data: &SignedData,
    spans: &dyn SignedSpans,
    additional: &[Certificate],
) -> Result<SignerIntact, Stop> {
    if signed_data.content().is_some() {
        return Err(BrokenBecause::ContentPresent.into());
    }
    verify_signer(
        signed_data,
        spans,
        additional,
        SignedAttributesRule::Optional,
    )
}

/// `adbe.pkcs7.sha1` (ISO 32000-1, 12.8.3.3.1; ATTACKS M1): the content is the SHA-1 of the
/// spans, and the signature is over the content.
fn over_embedded_sha1(
    signed_data: &SignedData,
    spans: &dyn SignedSpans,
    additional: &[Certificate],
) -> Result<SignerIntact, Stop> {
    let content = signed_data.content().ok_or(BrokenBecause::ContentAbsent)?;
    if spans.digest(DigestAlgorithm::Sha1)?.as_octets() != content {
        return Err(BrokenBecause::ContentDiffers.into());
    }
    let mut intact = verify_signer(
        signed_data,
        &content.to_vec(),
        additional,
        SignedAttributesRule::Optional,
    )?;
    let weak = Deviation::WeakDigest(DigestAlgorithm::Sha1);
    if !intact.deviations().contains(&weak) {
        intact.add(weak);
    }
    Ok(intact)
}

/// `ETSI.RFC3161`: integrity is the token's value and its imprint; what else is wrong with the
/// token is noted and decides about its time, not about the octets.
fn document_time_stamp(
    token: &TimeStampToken,
    spans: &dyn SignedSpans,
    additional: &[Certificate],
) -> Result<SignerIntact, Stop> {
    let mut intact = token.verify_signer_over(spans, additional)?;
    for fault in token.faults(intact.certificate(), spans)? {
        if fault == TimeStampFault::ImprintDiffers {
            return Err(BrokenBecause::ImprintDiffers.into());
        }
        intact.add(Deviation::TimeStamp(fault));
    }
    Ok(intact)
}
