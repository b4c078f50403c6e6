//! The stage in which everything but the value is fixed. It can be stored, signed elsewhere, and
//! taken up again.

use trien_cms::{
    BuildError, SignatureContents, SignedAttributes, SignedDataBuilder, SignedSpans as _,
    SubFilter, Verdict, cms_octets_estimate,
};
use trien_pdf::{PreparedUpdate, Span};
use trien_policy::Profile;
use trien_trust::TrustAnchors;
use trien_types::{
    Digest, DigestAlgorithm, Limits, SignatureScheme, SigningKey, UnixTime, decode_hex, encode_hex,
};
use trien_x509::{Certificate, Digester};

use super::request::SignatureRequest;
use super::resumed::{self, Expected};
use super::signed::Signed;
use super::stored::{ResumeError, SCHEMA, Stored, StoredScheme};
use crate::error::{Error, ErrorKind};

/// A signature of which only the value is missing. [`Prepared::sign`] with a key, or
/// [`Prepared::complete`] with a value that was made elsewhere, comes next.
#[derive(Debug, Clone)]
pub struct Prepared<'d> {
    update: PreparedUpdate<'d>,
    digest: Digest,
    attributes: SignedAttributes,
    scheme: SignatureScheme,
    signer: Certificate,
    path: Vec<Vec<u8>>,
    origin: Origin,
    /// Room for a time stamp to come, in octets.
    time_stamp_octets: usize,
    terms: StampTerms,
}

/// What a time stamp to come must keep to.
#[derive(Debug, Clone)]
pub(super) struct StampTerms {
    /// When it is asked for: the signing time unless told otherwise.
    pub(super) time: UnixTime,
    /// Where its authority must lead to, if there are any.
    pub(super) anchors: TrustAnchors,
    /// Certificates that its authority's path may go through.
    pub(super) candidates: Vec<Certificate>,
}

impl StampTerms {
    pub(super) fn of(request: &SignatureRequest) -> Self {
        Self {
            time: request.signing_time,
            anchors: request.anchors.clone(),
            candidates: request.supplied.certificates.clone(),
        }
    }

    pub(super) fn at(time: UnixTime) -> Self {
        Self {
            time,
            anchors: TrustAnchors::default(),
            candidates: Vec::new(),
        }
    }
}

/// Where a stage comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Laid out by this process.
    LaidOut,
    /// Taken up from text that others may have written.
    Resumed,
}

/// What came of one attempt to sign.
pub(super) enum Attempt<'d> {
    Signed(Box<Signed<'d>>),
    /// The gap is too small for the structure; so much is needed.
    TooSmall {
        needed_octets: usize,
    },
}

impl<'d> Prepared<'d> {
    pub(super) const fn new(
        update: PreparedUpdate<'d>,
        digest: Digest,
        attributes: SignedAttributes,
        scheme: SignatureScheme,
        signer: Certificate,
        path: Vec<Vec<u8>>,
        terms: StampTerms,
    ) -> Self {
        Self {
            update,
            digest,
            attributes,
            scheme,
            signer,
            path,
            origin: Origin::LaidOut,
            time_stamp_octets: 0,
            terms,
        }
    }

    pub(super) const fn terms(&self) -> &StampTerms {
        &self.terms
    }

    pub(super) const fn stamped_at(mut self, time: UnixTime) -> Self {
        self.terms.time = time;
        self
    }

    pub(super) const fn with_room_for_time_stamp(mut self, octets: usize) -> Self {
        self.time_stamp_octets = octets;
        self
    }

    pub(super) const fn update(&self) -> &PreparedUpdate<'d> {
        &self.update
    }

    /// The octets to sign: DER of the signed attributes (RFC 5652, 5.4).
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.attributes.to_be_signed()
    }

    /// The digest of [`Prepared::to_be_signed`], for services that sign a digest.
    ///
    /// # Errors
    /// The digest cannot be computed.
    pub fn to_be_signed_digest(&self) -> Result<Digest, Error> {
        Ok(Digester::digest(
            self.scheme.digest_algorithm(),
            self.to_be_signed(),
        )?)
    }

    /// The scheme the value must be made under.
    #[must_use]
    pub const fn scheme(&self) -> SignatureScheme {
        self.scheme
    }

    /// Lets `key` sign. The value is verified before anything is built from it.
    ///
    /// # Errors
    /// The key does not sign, what it returns does not hold, or the room is too small.
    pub fn sign(self, key: &mut dyn SigningKey) -> Result<Signed<'d>, Error> {
        let value = self.ask(key)?;
        self.complete(&value)
    }

    pub(super) fn sign_or_grow(self, key: &mut dyn SigningKey) -> Result<Attempt<'d>, Error> {
        // The structure's size is known before the key is asked, but for the value's own octets.
        let longest = self
            .signer
            .public_key()
            .map_or(0, |key| key.value_octets_at_most());
        let needed_octets = cms_octets_estimate(&self.builder(), longest, self.time_stamp_octets)?;
        if needed_octets > self.update.contents_octets() {
            return Ok(Attempt::TooSmall { needed_octets });
        }
        self.sign(key)
            .map(|signed| Attempt::Signed(Box::new(signed)))
    }

    fn ask(&self, key: &mut dyn SigningKey) -> Result<Vec<u8>, Error> {
        let matches = key.certificate_path().first().map(Vec::as_slice);
        if matches != Some(self.signer.as_der()) {
            return Err(Error::new(ErrorKind::KeyUnusable));
        }
        key.sign(self.scheme, self.to_be_signed())
            .map_err(|error| Error::new(ErrorKind::Key(error)))
    }

    fn builder(&self) -> SignedDataBuilder {
        SignedDataBuilder::new(self.attributes.clone(), self.scheme, &self.signer)
            .certificates(self.path.iter().map(Vec::as_slice))
    }

    /// The structure around `value`, with a time-stamp token over it if there is one.
    pub(super) fn build(&self, value: &[u8], token: Option<&[u8]>) -> Result<Vec<u8>, BuildError> {
        let mut builder = self.builder();
        if let Some(token) = token {
            builder = builder.signature_time_stamp(token);
        }
        builder.build(value)
    }

    /// Completes the signature with a value made elsewhere over [`Prepared::to_be_signed`].
    ///
    /// # Errors
    /// The value does not hold, or the structure has outgrown its room.
    pub fn complete(self, value: &[u8]) -> Result<Signed<'d>, Error> {
        let contents = self.build(value, None)?;
        self.verify_own(&contents)?;
        let appended = self
            .update
            .complete(&contents)
            .map_err(|error| Error::new(ErrorKind::ContentsTooSmall(error)))?;
        if self.origin == Origin::Resumed {
            let octets = [self.update.original(), &appended].concat();
            resumed::verify_finished(&octets, &self.signer)
                .map_err(|detail| Error::new(ErrorKind::FinishedDiffers(detail)))?;
        }
        Ok(Signed::new(self, value.to_vec(), appended))
    }

    /// The finished structure, read back and verified as a stranger would.
    pub(super) fn verify_own(&self, contents: &[u8]) -> Result<(), Error> {
        let fails = |detail: String| Err(Error::new(ErrorKind::ValueDoesNotHold(detail)));
        let limits = Limits::default();
        let sub_filter = SubFilter::EtsiCadesDetached;
        let parsed = match SignatureContents::parse(contents, sub_filter, &[], &limits) {
            Ok(parsed) => parsed,
            Err(error) => return fails(error.to_string()),
        };
        match parsed.verify(&Known { prepared: self }, &[]) {
            Verdict::Intact(_) => Ok(()),
            Verdict::Broken(because) => fails(because.to_string()),
            Verdict::Unsupported(because) => fails(because.to_string()),
            _ => fails("the verdict is unknown".to_owned()),
        }
    }

    /// The stage as JSON text, for the time in which the value is made elsewhere. It holds no
    /// secret. The original file is not in it: [`Prepared::resume`] takes it again.
    ///
    /// The text is not authenticated. [`Prepared::resume`] tells what is checked again; keep the
    /// text where only this program writes, or keep [`Prepared::to_be_signed_digest`] beside it
    /// and compare after taking it up: that digest covers the whole file and the signer's
    /// certificate, so that any other document, mark or signer gives another one.
    #[must_use]
    pub fn to_json(&self) -> String {
        let gap = self.update.byte_range().gap();
        let stored = Stored {
            schema: SCHEMA.to_owned(),
            original_octets: self.update.original().len(),
            appended: encode_hex(self.update.appended()),
            gap: (gap.start(), gap.end()),
            signed_attributes: encode_hex(self.to_be_signed()),
            digest: encode_hex(self.digest.as_octets()),
            scheme: StoredScheme::from(self.scheme),
            certificates: self.path.iter().map(|octets| encode_hex(octets)).collect(),
        };
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Takes up a stage that [`Prepared::to_json`] gave, over the same original file, under the
    /// default profile.
    ///
    /// The text may have been written by another hand. What must hold is derived again, before
    /// anything can be signed:
    ///
    /// - the rules permit this certificate to sign this original at the time stated in the update;
    /// - the update is one revision that adds one signature to the original and changes nothing
    ///   else: no page, no other field, no annotation, no certification, no lock that the field
    ///   did not have, and no mark over most of a page;
    /// - the earlier signatures are all there, as intact and as permitted as before;
    /// - the signed attributes are those of this file's digest and of the first certificate.
    ///
    /// [`Prepared::complete`] and [`Prepared::sign`] then verify the finished file with the
    /// library's own verifier before they give it out.
    ///
    /// Not protected, because the original does not tell it: the name of the field, the time, the
    /// reason, the name and the place stated ([`Prepared::resume_for`] protects the first two), what the mark looks like and where it stands, which
    /// of the scheme's digests is used, which certificate signs (a value must come from its key),
    /// and the issuers' certificates that travel along. [`Prepared::to_json`] says how to bind
    /// these as well.
    ///
    /// # Errors
    /// The text is no such stage, it was prepared for another file, it was altered, or the rules
    /// refuse.
    pub fn resume(original: &'d [u8], json: &str) -> Result<Self, ResumeError> {
        Self::resume_under(original, json, &Profile::default())
    }

    /// As [`Prepared::resume`], under the profile that the signature was proposed under.
    ///
    /// # Errors
    /// As there.
    pub fn resume_under(
        original: &'d [u8],
        json: &str,
        profile: &Profile,
    ) -> Result<Self, ResumeError> {
        Self::take_up(original, json, &Expected::Profile(profile))
    }

    /// As [`Prepared::resume`], for the very request that was proposed: the rules are asked again
    /// about all of it, and field, signing time, claimed role and commitment must be those of the
    /// request, not of the text. A stage that claims a role or commits to something is taken up
    /// in no other way.
    ///
    /// # Errors
    /// As there.
    pub fn resume_for(
        original: &'d [u8],
        json: &str,
        request: &SignatureRequest,
    ) -> Result<Self, ResumeError> {
        Self::take_up(
            original,
            json,
            &Expected::Request(Box::new(request.clone())),
        )
    }

    fn take_up(
        original: &'d [u8],
        json: &str,
        expected: &Expected<'_>,
    ) -> Result<Self, ResumeError> {
        let stored: Stored = serde_json::from_str(json).map_err(|_| ResumeError::Malformed)?;
        if stored.schema != SCHEMA {
            return Err(ResumeError::Malformed);
        }
        if stored.original_octets != original.len() {
            return Err(ResumeError::OtherFile);
        }
        let octets = |text: &str| decode_hex(text).map_err(|_| ResumeError::Malformed);
        let gap = Span::new(stored.gap.0, stored.gap.1);
        let update = PreparedUpdate::resume(original, octets(&stored.appended)?, gap)
            .ok_or(ResumeError::Malformed)?;
        let scheme = stored.scheme.into_scheme().ok_or(ResumeError::Malformed)?;
        let digest = update
            .signed_spans()
            .digest(scheme.digest_algorithm())
            .map_err(|_| ResumeError::Malformed)?;
        if digest.as_octets() != octets(&stored.digest)? {
            return Err(ResumeError::OtherFile);
        }
        let path: Vec<Vec<u8>> = stored
            .certificates
            .iter()
            .map(|text| octets(text))
            .collect::<Result<_, _>>()?;
        let signer = path
            .first()
            .and_then(|octets| Certificate::from_der(octets.as_slice()).ok())
            .ok_or(ResumeError::Malformed)?;
        // Derived again and not read: extra attributes would be signed unseen.
        let statements = expected
            .statements()
            .map_err(|_| ResumeError::SignedAttributesDiffer)?;
        let attributes = SignedAttributes::for_pades(&digest, &signer, scheme, &statements)
            .map_err(|_| ResumeError::Malformed)?;
        if attributes.to_be_signed() != octets(&stored.signed_attributes)? {
            return Err(ResumeError::SignedAttributesDiffer);
        }
        let signing_time = resumed::check(&update, &signer, expected)?;
        let terms = match expected {
            Expected::Profile(_) => StampTerms::at(signing_time),
            Expected::Request(request) => StampTerms::of(request),
        };
        Ok(Self {
            update,
            digest,
            attributes,
            scheme,
            signer,
            path,
            origin: Origin::Resumed,
            time_stamp_octets: 0,
            terms,
        })
    }
}

/// The digest that was computed already, so that a large file is read once.
struct Known<'p, 'd> {
    prepared: &'p Prepared<'d>,
}

impl trien_cms::SignedSpans for Known<'_, '_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, trien_x509::DigestUnavailable> {
        if self.prepared.digest.algorithm() == algorithm {
            return Ok(self.prepared.digest.clone());
        }
        self.prepared.update.signed_spans().digest(algorithm)
    }

    fn octets(&self) -> std::borrow::Cow<'_, [u8]> {
        std::borrow::Cow::Owned(self.prepared.update.signed_spans().concat())
    }
}
