//! What signing the documents of one job stands on: roots, rules, authorities, the signer's
//! certificate and what is known about it.
//! Opens no document and asks no token.

use std::fmt;

use trien::mark::SerifFont;
use trien::net::{AddressPolicy, HttpSettings, HttpTransport, SingleFlight};
use trien::trust::TrustAnchors;
use trien::x509::Certificate;
use trien::{
    Document, EvidenceSearch, Language, Limits, SignatureRequest, SuppliedEvidence,
    TimeStampAuthority, Transport, UnixTime, resolve_signer,
};

use super::entry::{Job, ShownMark};
use super::mark_words::mark_words;
use super::placing::Placing;
use super::signature::{Signature, SignatureLevel};
use super::trouble;
use crate::config::Config;
use crate::consent::MovedMark;
use crate::rejection::{Code, Rejection};

/// What stands in a mark where nobody was chosen yet.
const NOBODY_YET: &str = "…";

/// What all documents of a job share.
pub(super) struct Ground {
    signature: Signature,
    field: String,
    pub(super) anchors: TrustAnchors,
    font: Option<SerifFont>,
    pub(super) authority: TimeStampAuthority,
    pub(super) transport: Box<dyn Transport + Send + Sync>,
    pub(super) signer: Option<Signer>,
}

/// Whoever signs.
pub(super) struct Signer {
    /// DER of the certificate, then of its issuers as far as they are known.
    pub(super) path: Vec<Vec<u8>>,
    supplied: SuppliedEvidence,
    common_name: Option<String>,
}

impl fmt::Debug for Ground {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Ground")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

impl Ground {
    /// Reads what the configuration names.
    ///
    /// # Errors
    /// The folder of roots or a font cannot be read.
    pub(super) fn of(job: &Job, config: &Config) -> Result<Self, Rejection> {
        let signature = job.signature().clone();
        let font = match signature.mark {
            None => None,
            Some(_) => Some(SerifFont::find().map_err(|error| mark_words(&error))?),
        };
        Ok(Self {
            field: field(&signature, job),
            signature,
            anchors: anchors(config)?,
            font,
            authority: TimeStampAuthority::first_of(config.time_stamp_authorities.iter()),
            transport: transport(config),
            signer: None,
        })
    }

    /// The same with whoever signs: what their certificate needs is fetched.
    ///
    /// # Errors
    /// The certificate cannot be read.
    pub(super) fn signed_by(
        mut self,
        path: Vec<Vec<u8>>,
        time: UnixTime,
    ) -> Result<Self, Rejection> {
        let (certificate, issuers) = path.split_first().ok_or(Code::CertificateUnknown)?;
        let common_name = Certificate::from_der(certificate.as_slice())
            .map_err(|_| Code::CertificateUnknown)?
            .subject()
            .common_name()
            .map(str::to_owned);
        let mut supplied = SuppliedEvidence::default();
        if self.anchors.is_empty() {
            for issuer in issuers {
                supplied.add_certificate(issuer);
            }
        } else {
            let search = EvidenceSearch::new(&self.anchors, time, self.transport.as_ref());
            supplied = resolve_signer(certificate, issuers, &search, &Limits::default())
                .map_err(|error| trouble::of_road(&error))?
                .supplied;
        }
        self.signer = Some(Signer {
            path,
            supplied,
            common_name,
        });
        Ok(self)
    }

    /// The level that is asked for.
    pub(super) const fn level(&self) -> SignatureLevel {
        self.signature.level
    }

    /// Issuers' certificates that were found beside those on the token, DER.
    pub(super) fn further_issuers(&self) -> Vec<Vec<u8>> {
        let known = self.signer.iter().flat_map(|signer| {
            let certificates = signer.supplied.certificates.iter();
            certificates.map(|certificate| certificate.as_der().to_vec())
        });
        known.collect()
    }

    /// What is asked of the library for one document, without a mark.
    ///
    /// # Errors
    /// The workflow has no place for this signer.
    pub(super) fn request(
        &self,
        document: &Document<'_>,
        time: UnixTime,
        language: Language,
    ) -> Result<SignatureRequest, Rejection> {
        let signature = &self.signature;
        let mut request = match &signature.turn {
            Some(turn) => SignatureRequest::for_step(
                document,
                &turn.workflow,
                (&turn.step, turn.signatory),
                time,
            )
            .map_err(|error| trouble::of_road(&error))?,
            None => {
                let mut request = SignatureRequest::new(&self.field, time).meant_as(signature.act);
                request.claimed_role.clone_from(&signature.role);
                request
            }
        };
        if let (Some(turn), Some(field)) = (&signature.turn, &signature.field) {
            request.field.clone_from(field);
            request.workflow = Some(turn.in_field(field));
        }
        if signature.commitment.is_some() {
            request.commitment = signature.commitment;
        }
        // A step that commits to something leaves no place for a reason.
        if request.commitment.is_none() {
            request.reason.clone_from(&signature.reason);
        }
        request.language = language;
        if let Some(signer) = &self.signer {
            request = request.checked_with(self.anchors.clone(), signer.supplied.clone());
        }
        Ok(request)
    }

    /// The same with the job's mark, and where it stands.
    ///
    /// # Errors
    /// The mark has no place on this document.
    pub(super) fn shown(
        &self,
        document: &Document<'_>,
        request: SignatureRequest,
        moved: Option<(&MovedMark, &ShownMark)>,
    ) -> Result<(SignatureRequest, Option<ShownMark>), Rejection> {
        let (Some(mark), Some(font)) = (&self.signature.mark, &self.font) else {
            return Ok((request, None));
        };
        let signer = self.signer.as_ref();
        let placing = Placing {
            mark,
            font,
            turn: self
                .signature
                .turn
                .as_ref()
                .map(|turn| (turn, request.field.as_str())),
            signer: signer
                .and_then(|signer| signer.common_name.as_deref())
                .unwrap_or(NOBODY_YET),
            reason: request.reason.as_deref(),
            time: request.signing_time,
        };
        let (shown, area) = placing
            .on(document, moved)
            .map_err(|error| mark_words(&error))?;
        Ok((request.shown(shown), Some(area)))
    }
}

/// The field: the one that is named, that of the mark, or one of the job's own that no document
/// has yet.
fn field(signature: &Signature, job: &Job) -> String {
    use super::mark_description::{Mark, MarkPlace};
    let of_mark = match &signature.mark {
        Some(Mark {
            place: Some(MarkPlace::Field(field)),
            ..
        }) => Some(field.clone()),
        _ => None,
    };
    let own = || {
        let id = job.id().to_string();
        format!("Trien-{}", id.get(..12).unwrap_or(&id))
    };
    signature.field.clone().or(of_mark).unwrap_or_else(own)
}

/// The roots that the configuration names.
pub(crate) fn anchors(config: &Config) -> Result<TrustAnchors, Rejection> {
    Ok(crate::anchors::read(config)?.anchors)
}

/// The network. Authorities that the configuration names may be inside the school's own.
pub(crate) fn transport(config: &Config) -> Box<dyn Transport + Send + Sync> {
    let mut settings = HttpSettings::default();
    settings.addresses = AddressPolicy::public_or(
        config
            .time_stamp_authorities
            .iter()
            .filter_map(|url| host(url)),
    );
    Box::new(SingleFlight::new(HttpTransport::new(settings)))
}

/// The host of an address.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if host.starts_with('[') {
        return host.split_inclusive(']').next();
    }
    host.split(':').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_found() {
        for (url, expected) in [
            ("http://tsa.ca.gov.vn", "tsa.ca.gov.vn"),
            ("http://127.0.0.1:4000/tsa", "127.0.0.1"),
            ("https://[::1]:80/x", "[::1]"),
            ("https://user@tsa.example/x?y", "tsa.example"),
        ] {
            assert_eq!(host(url), Some(expected));
        }
        assert_eq!(host("tsa"), None);
    }
}
