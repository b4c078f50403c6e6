//! The stage in which the rules have been asked and nothing else has happened.

use std::num::NonZeroUsize;

use trien_cms::{SignedAttributes, SignedDataBuilder, SignedSpans as _, cms_octets_estimate};
use trien_pdf::{Document, Placement, WidgetPlacement};
use trien_policy::{Permit, SigningFacts, permit};
use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::{Certificate, Digester};

use super::earlier::{certified_without_changes, earlier_signatures, earlier_signatures_under};
use super::prepared::{Prepared, StampTerms};
use super::request::{SignatureRequest, WhereShown};
use crate::error::{Error, ErrorKind};
use crate::verify::algorithm::key_fact;
use crate::verify::fact::{kind_of_signer, signer_facts};
use crate::verify::{Verification, path_of_signer};

/// A signature that the rules permit. [`PermittedSignature::prepare`] comes next; the PIN may be
/// asked for now.
#[derive(Debug, Clone)]
pub struct PermittedSignature<'d> {
    document: &'d Document<'d>,
    signer: Certificate,
    request: SignatureRequest,
    /// Signed attributes that say in which role, and to what end.
    statements: Vec<Vec<u8>>,
    permit: Permit,
}

/// Asks the rules whether the holder of `certificate` (DER) may sign `document` as `request`
/// says. Needs no key and no PIN.
///
/// # Errors
/// The rules refuse, the certificate cannot be read, the document cannot take a signature, or what
/// it should state cannot be stated.
pub fn propose<'d>(
    document: &'d Document<'d>,
    certificate: &[u8],
    request: SignatureRequest,
) -> Result<PermittedSignature<'d>, Error> {
    document
        .check_placeable()
        .map_err(|error| Error::new(ErrorKind::Place(error)))?;
    let signer = Certificate::from_der(certificate)
        .map_err(|error| Error::new(ErrorKind::Certificate(error)))?;
    let statements = request.statements()?;
    let facts = signing_facts(document, &signer, &request)?;
    let permit = permit(&facts, &request.profile, request.language)
        .map_err(|refusal| Error::new(ErrorKind::Refused(refusal)))?;
    Ok(PermittedSignature {
        document,
        signer,
        request,
        statements,
        permit,
    })
}

/// What the rules are asked about.
pub(super) fn signing_facts(
    document: &Document<'_>,
    signer: &Certificate,
    request: &SignatureRequest,
) -> Result<SigningFacts, Error> {
    let validity = (signer.not_before(), signer.not_after());
    let mut facts = SigningFacts::new(request.signing_time, validity);
    facts.claimed_role.clone_from(&request.claimed_role);
    facts.signer = Some(signer_facts(signer));
    if let Some(turn) = &request.workflow {
        let mut turn = turn.clone();
        turn.field.clone_from(&request.field);
        facts.workflow = Some(turn);
        // A step counts as signed by somebody known: whom, is asked as well.
        let mut verification = Verification::new(&request.anchors, request.signing_time);
        verification.supplied = request.supplied.clone();
        facts.earlier = earlier_signatures_under(document, &verification);
    } else {
        facts.earlier = earlier_signatures(document, request.signing_time);
    }
    facts.certified_without_changes = certified_without_changes(document)?;
    facts.act = request.act;
    facts.kind = kind_of_signer(signer);
    facts.key = signer.public_key().ok().map(|key| key_fact(&key));
    facts.path = path_of_signer(
        signer,
        &request.anchors,
        &request.supplied,
        request.signing_time,
    );
    Ok(facts)
}

impl<'d> PermittedSignature<'d> {
    /// Every rule that was asked, to be shown before the PIN is.
    #[must_use]
    pub const fn permit(&self) -> &Permit {
        &self.permit
    }

    /// The signer's name as the certificate has it, for a mark or a message; none where the
    /// certificate states none.
    #[must_use]
    pub fn signer_common_name(&self) -> Option<&str> {
        self.signer.subject().common_name()
    }

    /// The same with room for so many octets of CMS.
    pub(super) fn with_contents_octets(mut self, octets: usize) -> Self {
        self.request.contents_octets = NonZeroUsize::new(octets);
        self
    }

    /// Lays out the update and fixes what will be signed. `path` are the DER octets of the
    /// signer's certificate and its issuers', the signer's first.
    ///
    /// # Errors
    /// `path` does not start with the certificate the rules were asked about, or the signature
    /// has no place in the document.
    pub fn prepare(self, path: &[Vec<u8>], scheme: SignatureScheme) -> Result<Prepared<'d>, Error> {
        let unusable = || Error::new(ErrorKind::KeyUnusable);
        if path.first().map(Vec::as_slice) != Some(self.signer.as_der()) {
            return Err(unusable());
        }
        let reserve = match self.request.contents_octets {
            Some(octets) => octets,
            None => NonZeroUsize::new(self.estimate(path, scheme)?).ok_or_else(unusable)?,
        };
        let update = self
            .document
            .place(&self.placement()?, reserve)
            .map_err(|error| Error::new(ErrorKind::Place(error)))?;
        let digest = update.signed_spans().digest(scheme.digest_algorithm())?;
        let attributes =
            SignedAttributes::for_pades(&digest, &self.signer, scheme, &self.statements)?;
        Ok(Prepared::new(
            update,
            digest,
            attributes,
            scheme,
            self.signer,
            path.to_vec(),
            StampTerms::of(&self.request),
        )
        .with_room_for_time_stamp(self.request.time_stamp_octets))
    }

    /// Octets that the CMS structure can need at most.
    fn estimate(&self, path: &[Vec<u8>], scheme: SignatureScheme) -> Result<usize, Error> {
        let empty = Digester::digest(scheme.digest_algorithm(), &[])?;
        let attributes =
            SignedAttributes::for_pades(&empty, &self.signer, scheme, &self.statements)?;
        let builder = SignedDataBuilder::new(attributes, scheme, &self.signer)
            .certificates(path.iter().map(Vec::as_slice));
        let key = self
            .signer
            .public_key()
            .map_err(|_| Error::new(ErrorKind::KeyUnusable))?;
        Ok(cms_octets_estimate(
            &builder,
            key.value_octets_at_most(),
            self.request.time_stamp_octets,
        )?)
    }

    fn placement(&self) -> Result<Placement, Error> {
        let request = &self.request;
        let mut placement = Placement::invisible(&request.field);
        placement.widget = match &request.shown {
            WhereShown::Invisible => WidgetPlacement::Invisible,
            WhereShown::InField(drawing) => WidgetPlacement::InField(drawing.clone()),
            WhereShown::OnPages(drawings) => WidgetPlacement::OnPages(drawings.clone()),
        };
        placement.claimed_signing_time = Some((request.signing_time, request.offset));
        placement.name.clone_from(&request.name);
        placement.reason.clone_from(&request.reason);
        placement.location.clone_from(&request.location);
        placement.contact_info.clone_from(&request.contact_info);
        placement.update_identifier = Some(self.update_identifier()?);
        Ok(placement)
    }

    /// ISO 32000-2, 14.4: the second half of the file identifier changes with each update. It is
    /// made from what the update is about, so that the same request gives the same file.
    fn update_identifier(&self) -> Result<[u8; 16], Error> {
        let mut digester = Digester::new(DigestAlgorithm::Sha256)?;
        digester.update(&self.document.bytes().len().to_be_bytes());
        digester.update(&self.request.signing_time.seconds().to_be_bytes());
        digester.update(self.request.field.as_bytes());
        digester.update(self.signer.id().as_octets());
        let digest = digester.finish()?;
        let mut identifier = [0; 16];
        for (target, octet) in identifier.iter_mut().zip(digest.as_octets()) {
            *target = *octet;
        }
        Ok(identifier)
    }
}
