//! A key on a token, open in a worker process, as a `SigningKey`.
//! Knows nothing of what the message is. Lets no value out that does not verify.

use std::fmt;
use std::sync::Arc;

use trien_token::{KeyLink, PinState, VerificationKey, certificate_path, digest_of};
use trien_types::{CertificateId, Digest, SignatureScheme, SigningKey, SigningKeyError};

use super::error::{Asked, TokenServiceError};
use super::frame::MESSAGE_OCTETS;
use super::message::{KeyNumber, OpenKey, Reply, Request};
use super::report::CertificateReport;
use super::reservation::Reservation;
use super::settings::TimeLimits;
use super::worker::{Answer, Worker};

/// Octets of a message that is handed over whole, so that the token's own choice of mechanism
/// holds; a longer one is hashed here where the key signs digests.
const WHOLE_OCTETS: usize = 8_192;

/// The session behind a key. Dropping it closes the session, which logs out, and only then lets
/// the next job have the token.
pub(super) struct Opened {
    worker: Arc<Worker>,
    number: KeyNumber,
    limits: TimeLimits,
    session: Session,
    _reservation: Reservation,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Session {
    NotOpen,
    Open,
}

impl Opened {
    pub(super) fn new(worker: &Arc<Worker>, reservation: Reservation, limits: TimeLimits) -> Self {
        Self {
            number: worker.key_opens(),
            worker: Arc::clone(worker),
            limits,
            session: Session::NotOpen,
            _reservation: reservation,
        }
    }

    pub(super) const fn number(&self) -> KeyNumber {
        self.number
    }

    pub(super) const fn is_open(&mut self) {
        self.session = Session::Open;
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if self.session == Session::Open {
            let closed = self
                .worker
                .send(&Request::CloseKey(self.number), self.limits.closing)
                .and_then(|answer| self.worker.wait(&answer));
            // A worker that has ended is logged out by the end of its process. One that does not
            // close must not stay logged in.
            if matches!(closed, Ok(reply) if !matches!(reply, Reply::Done)) {
                self.worker.kill_as_faulty();
            }
        }
        self.worker.key_is_closed();
    }
}

/// A private key on a token, open for one job. Dropping it logs out and closes the session.
///
/// A clone is the same session, for another thread of the same job; the last one dropped logs out.
/// The token makes one signature at a time: two threads, each of which prepares, signs and
/// finishes documents with its clone, keep it busy. Every value is verified under the
/// certificate, in this process, before it is returned. When the module crashes or hangs, or the
/// token is pulled out, the signature being made ends in that error and later ones too: open the
/// key again.
#[derive(Clone)]
pub struct WorkerKey {
    id: CertificateId,
    path: Vec<Vec<u8>>,
    schemes: Vec<SignatureScheme>,
    digest_schemes: Vec<SignatureScheme>,
    key_link: KeyLink,
    pin_state: PinState,
    verification: VerificationKey,
    opened: Arc<Opened>,
}

impl WorkerKey {
    pub(super) fn new(
        opened: Opened,
        certificate: CertificateReport,
        open: OpenKey,
        verification: VerificationKey,
    ) -> Self {
        Self {
            id: certificate.id,
            path: certificate.certificate_path,
            schemes: open.schemes,
            digest_schemes: open.digest_schemes,
            key_link: open.key_link,
            pin_state: open.pin_state_before_login,
            verification,
            opened: Arc::new(opened),
        }
    }

    /// The id of the signer's certificate.
    #[must_use]
    pub const fn certificate_id(&self) -> CertificateId {
        self.id
    }

    /// How the key was found for its certificate.
    #[must_use]
    pub const fn key_link(&self) -> KeyLink {
        self.key_link
    }

    /// What the token's flags said before the login: [`PinState::CountLow`] means that a wrong
    /// PIN had been entered before, perhaps by someone else.
    #[must_use]
    pub const fn pin_state_before_login(&self) -> PinState {
        self.pin_state
    }

    /// The schemes under which the key signs a digest computed elsewhere, the preferred one
    /// first.
    #[must_use]
    pub fn digest_schemes(&self) -> &[SignatureScheme] {
        &self.digest_schemes
    }

    /// Completes the certificate path with issuers' certificates (DER) that are not on the token.
    /// Those that are no issuers of this path are left out.
    #[must_use]
    pub fn with_issuers(mut self, issuers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut known = std::mem::take(&mut self.path);
        let signer = known.first().cloned().unwrap_or_default();
        known.extend(issuers);
        self.path = certificate_path(&signer, &known);
        self
    }

    /// Signs the message that has this digest: for callers that have nothing else, as in the CSC
    /// API. The value has the form of [`SigningKey::sign`].
    ///
    /// # Errors
    /// The scheme is not one of [`WorkerKey::digest_schemes`], the digest is another algorithm's,
    /// or the token refuses or is gone.
    pub fn sign_digest(
        &self,
        scheme: SignatureScheme,
        digest: &Digest,
    ) -> Result<Vec<u8>, TokenServiceError> {
        self.start_digest(scheme, digest)?.wait()
    }

    /// As [`SigningKey::sign`], with the error of this service.
    ///
    /// # Errors
    /// The scheme is none of the key's, or the token refuses or is gone.
    pub fn sign_message(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, TokenServiceError> {
        self.start(scheme, message)?.wait()
    }

    /// Hands a message to the worker without waiting for the signature, so that the token has the
    /// next one while this process verifies and uses the last. Signatures are made one after the
    /// other, in the order of the calls; two under way keep any token busy.
    ///
    /// # Errors
    /// The scheme is none of the key's, the message is too long, or the worker is gone.
    pub fn start(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<PendingSignature, TokenServiceError> {
        if !self.schemes.contains(&scheme) {
            return Err(TokenServiceError::SchemeUnsupported(scheme));
        }
        let digest = digest_of(scheme, message).ok().flatten();
        let short = message.len() <= WHOLE_OCTETS;
        let request = match &digest {
            Some(digest) if !short && self.digest_schemes.contains(&scheme) => {
                self.digest_request(scheme, digest)
            }
            _ if message.len() > MESSAGE_OCTETS => {
                return Err(TokenServiceError::MessageTooLong {
                    limit_octets: MESSAGE_OCTETS,
                });
            }
            _ => Request::SignMessage {
                key: self.opened.number,
                scheme,
                message: message.to_vec(),
            },
        };
        let subject = digest.map_or_else(|| Subject::Message(message.to_vec()), Subject::Digest);
        self.begin(&request, scheme, subject)
    }

    /// As [`WorkerKey::start`] for a digest.
    ///
    /// # Errors
    /// The scheme is not one of [`WorkerKey::digest_schemes`], the digest is another algorithm's,
    /// or the worker is gone.
    pub fn start_digest(
        &self,
        scheme: SignatureScheme,
        digest: &Digest,
    ) -> Result<PendingSignature, TokenServiceError> {
        let fits = digest.algorithm() == scheme.digest_algorithm();
        if !fits || !self.digest_schemes.contains(&scheme) {
            return Err(TokenServiceError::SchemeUnsupported(scheme));
        }
        let request = self.digest_request(scheme, digest);
        self.begin(&request, scheme, Subject::Digest(digest.clone()))
    }

    fn digest_request(&self, scheme: SignatureScheme, digest: &Digest) -> Request {
        Request::SignDigest {
            key: self.opened.number,
            scheme,
            digest: digest.clone(),
        }
    }

    fn begin(
        &self,
        request: &Request,
        scheme: SignatureScheme,
        subject: Subject,
    ) -> Result<PendingSignature, TokenServiceError> {
        let answer = self
            .opened
            .worker
            .send(request, self.opened.limits.signature)?;
        Ok(PendingSignature {
            answer,
            worker: Arc::clone(&self.opened.worker),
            limits: self.opened.limits,
            scheme,
            subject,
            verification: self.verification.clone(),
        })
    }
}

impl SigningKey for WorkerKey {
    fn certificate_path(&self) -> &[Vec<u8>] {
        &self.path
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn sign(
        &mut self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningKeyError> {
        Ok(self.sign_message(scheme, message)?)
    }
}

impl fmt::Debug for WorkerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WorkerKey")
            .field("certificate", &self.id)
            .field("schemes", &self.schemes)
            .finish_non_exhaustive()
    }
}

/// What a value must verify over.
enum Subject {
    Digest(Digest),
    /// For schemes that hash in their own way.
    Message(Vec<u8>),
}

/// A signature that is being made. Dropping it leaves the token to finish and forgets the value.
#[must_use = "the signature is lost unless it is waited for"]
pub struct PendingSignature {
    answer: Answer,
    worker: Arc<Worker>,
    limits: TimeLimits,
    scheme: SignatureScheme,
    subject: Subject,
    verification: VerificationKey,
}

impl PendingSignature {
    /// Waits for the value and verifies it.
    ///
    /// # Errors
    /// The token refuses or is gone, the module crashes or hangs, or the value does not verify.
    pub fn wait(self) -> Result<Vec<u8>, TokenServiceError> {
        let value = self.received()?;
        let holds = match &self.subject {
            Subject::Digest(digest) => {
                self.verification
                    .verifies_digest(self.scheme, digest, &value)
            }
            Subject::Message(message) => self.verification.verifies(self.scheme, message, &value),
        };
        if holds.unwrap_or(false) {
            Ok(value)
        } else {
            Err(TokenServiceError::SignatureWrong(self.scheme))
        }
    }

    /// Waits for the value and does not verify it: for who verifies the structure that is built of
    /// it, as [`trien::Prepared::complete`] does.
    ///
    /// # Errors
    /// The token refuses or is gone, the module crashes or hangs.
    pub fn wait_unverified(self) -> Result<Vec<u8>, TokenServiceError> {
        self.received()
    }

    fn received(&self) -> Result<Vec<u8>, TokenServiceError> {
        match self.worker.wait(&self.answer)? {
            Reply::Value(value) => Ok(value),
            Reply::Failed(fault) => Err(self.worker.failed(
                fault,
                &Asked {
                    module: self.worker.path(),
                    limit: self.limits.signature,
                    certificate: Some(self.verification.certificate_id()),
                    scheme: Some(self.scheme),
                },
            )),
            Reply::Done | Reply::KeyOpen(_) | Reply::Tokens(_) => Err(self.worker.kill_as_faulty()),
        }
    }
}

impl fmt::Debug for PendingSignature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingSignature")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}
