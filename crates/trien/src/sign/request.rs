//! What a caller asks for.

use std::num::NonZeroUsize;
use std::sync::Arc;

use trien_cms::{claimed_role_attribute, commitment_attribute};
use trien_pdf::{Document, Drawing, FieldValue, PlacedDrawing, signature_fields};
use trien_policy::{Language, Profile, SigningAct, Workflow, WorkflowTurn};
use trien_trust::TrustAnchors;
use trien_types::{CommitmentType, Signatory, SignatureScheme, UnixTime, UtcOffset};

use crate::error::{Error, ErrorKind};
use crate::verify::SuppliedEvidence;

/// Where the signature shows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WhereShown {
    /// Nowhere.
    Invisible,
    /// In the widget of an existing empty field.
    InField(Box<Drawing>),
    /// On pages, in a new field: one mark each.
    OnPages(Vec<PlacedDrawing>),
}

/// Room for a time-stamp token where nothing is known of the authority.
const TIME_STAMP_OCTETS: usize = 12 * 1024;

/// One signature that is asked for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SignatureRequest {
    /// Full name of the field: an empty one is filled, otherwise it is made.
    pub field: String,
    /// When the signature is made: written as /M, and the time the rules are asked at. The
    /// library reads no clock.
    pub signing_time: UnixTime,
    /// The offset /M is written at: Vietnam's unless told otherwise.
    pub offset: UtcOffset,
    /// Where it shows.
    pub shown: WhereShown,
    /// The scheme; `None` takes the one the key prefers.
    pub scheme: Option<SignatureScheme>,
    /// /Name, the signer's name as text.
    pub name: Option<String>,
    /// /Reason.
    pub reason: Option<String>,
    /// /Location.
    pub location: Option<String>,
    /// /ContactInfo.
    pub contact_info: Option<String>,
    /// What it is meant as: whose key may sign, and when, depends on it.
    pub act: SigningAct,
    /// The role in which the signer signs, as a claim inside the signature (EN 319 122-1,
    /// 5.2.6.1): `Hiệu trưởng`. At most 512 octets of UTF-8, without control characters.
    pub claimed_role: Option<String>,
    /// What the signer commits to (EN 319 122-1, 5.2.3). /Reason may not stand beside it
    /// (EN 319 142-1, 6.3).
    pub commitment: Option<CommitmentType>,
    /// The step of a workflow that it is: order, role, kind of certificate and field are then asked
    /// of the rules, and what it is meant as is the step's to say. [`SignatureRequest::for_step`]
    /// fills in all of these.
    pub workflow: Option<WorkflowTurn>,
    /// Whom to trust, so that the certificate's path is checked before signing; with none the
    /// permit warns that it was not.
    pub anchors: TrustAnchors,
    /// What is known about the certificate: issuers, lists, answers. Nothing is fetched.
    pub supplied: SuppliedEvidence,
    /// The rules that are asked.
    pub profile: Profile,
    /// The language of their sentences.
    pub language: Language,
    /// Room for the signature in octets of CMS; `None` sizes it from the certificates. It grows
    /// by itself when it is too small.
    pub contents_octets: Option<NonZeroUsize>,
    /// Room in it for a time-stamp token to come, in octets: 0 for a signature that gets none.
    pub time_stamp_octets: usize,
}

impl SignatureRequest {
    /// An invisible signature in `field`, made at `signing_time`.
    #[must_use]
    pub fn new(field: impl Into<String>, signing_time: UnixTime) -> Self {
        Self {
            field: field.into(),
            signing_time,
            offset: UtcOffset::VIETNAM,
            shown: WhereShown::Invisible,
            scheme: None,
            name: None,
            reason: None,
            location: None,
            contact_info: None,
            act: SigningAct::default(),
            claimed_role: None,
            commitment: None,
            workflow: None,
            anchors: TrustAnchors::default(),
            supplied: SuppliedEvidence::default(),
            profile: Profile::default(),
            language: Language::default(),
            contents_octets: None,
            time_stamp_octets: 0,
        }
    }

    /// The same with room for a time-stamp token. Tokens with the authority's path have 3 to 8 kB.
    #[must_use]
    pub const fn with_room_for_time_stamp(mut self) -> Self {
        self.time_stamp_octets = TIME_STAMP_OCTETS;
        self
    }

    /// The same with a reason.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same meant as this.
    #[must_use]
    pub const fn meant_as(mut self, act: SigningAct) -> Self {
        self.act = act;
        self
    }

    /// The same in a role, as a claim inside the signature.
    #[must_use]
    pub fn in_role(mut self, role: impl Into<String>) -> Self {
        self.claimed_role = Some(role.into());
        self
    }

    /// The same committing to something; it leaves no place for a reason.
    #[must_use]
    pub const fn committing_to(mut self, commitment: CommitmentType) -> Self {
        self.commitment = Some(commitment);
        self
    }

    /// The same with the certificate's path checked to one of `anchors`, by what is `supplied`.
    #[must_use]
    pub fn checked_with(mut self, anchors: TrustAnchors, supplied: SuppliedEvidence) -> Self {
        self.anchors = anchors;
        self.supplied = supplied;
        self
    }

    /// The same shown on a page.
    #[must_use]
    pub fn shown(mut self, shown: WhereShown) -> Self {
        self.shown = shown;
        self
    }

    /// The same under a certain scheme.
    #[must_use]
    pub const fn under(mut self, scheme: SignatureScheme) -> Self {
        self.scheme = Some(scheme);
        self
    }
}

/// As long as the reader reads (`trien-cms`).
const MOST_ROLE_OCTETS: usize = 512;

impl SignatureRequest {
    /// A signature in a step of a workflow, by somebody in a role, made at `signing_time`: with
    /// the field, the act, the claimed role and the commitment that the workflow has for it. It
    /// is invisible; where its mark belongs is told by [`trien_policy::Step::place`].
    ///
    /// # Errors
    /// The fields cannot be read, or the workflow has no such step or not this role in it.
    pub fn for_step(
        document: &Document<'_>,
        workflow: &Arc<Workflow>,
        (step, signatory): (&str, Signatory),
        signing_time: UnixTime,
    ) -> Result<Self, Error> {
        let filled: Vec<String> = signature_fields(document, document.latest())?
            .into_iter()
            .filter(|field| matches!(field.value, FieldValue::Signature(_)))
            .map(|field| field.full_name)
            .collect();
        let assignment = workflow
            .assignment(step, signatory, &filled)
            .map_err(|error| Error::new(ErrorKind::NoAssignment(error)))?;
        let mut request = Self::new(&assignment.field, signing_time);
        request.act = assignment.act;
        request.claimed_role = Some(assignment.claimed_role);
        request.commitment = assignment.commitment;
        let turn = WorkflowTurn::new(Arc::clone(workflow), step, &assignment.field);
        request.workflow = Some(turn);
        Ok(request)
    }

    /// The signed attributes that role and commitment make, DER.
    ///
    /// # Errors
    /// The role cannot be claimed, or a reason stands beside a commitment.
    pub(super) fn statements(&self) -> Result<Vec<Vec<u8>>, Error> {
        let mut attributes = Vec::new();
        if let Some(role) = &self.claimed_role {
            let fits = (1..=MOST_ROLE_OCTETS).contains(&role.len());
            if !fits || role.trim().is_empty() || role.chars().any(char::is_control) {
                return Err(Error::new(ErrorKind::ClaimedRoleUnusable));
            }
            attributes.push(claimed_role_attribute(role));
        }
        if let Some(commitment) = self.commitment {
            if self.reason.is_some() {
                return Err(Error::new(ErrorKind::ReasonBesideCommitment));
            }
            attributes.extend(commitment_attribute(commitment));
        }
        Ok(attributes)
    }
}

impl WhereShown {
    /// On a page (from 0), with the lower left corner at (left, bottom) in PDF points.
    #[must_use]
    pub fn on_page(page: usize, corner: (f32, f32), drawing: Drawing) -> Self {
        Self::OnPages(vec![PlacedDrawing::new(page, corner, drawing)])
    }

    /// In the widget of an existing empty field.
    #[must_use]
    pub fn in_field(drawing: Drawing) -> Self {
        Self::InField(Box::new(drawing))
    }
}
