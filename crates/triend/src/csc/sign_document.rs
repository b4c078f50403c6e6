//! `signatures/signDoc`: PDF signatures over documents, or around their digests, that a consent was
//! given for.
//! Without activation data the documents go the way of jobs, whose window shows their pages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use trien::cms::{SignedAttributes, SignedDataBuilder};
use trien::trust::TrustAnchors;
use trien::x509::{Certificate, random_nonce};
use trien::{
    Document, Error, ErrorKind, EvidenceSearch, ExtensionLevel, ExtensionRequest, Limits,
    SignatureRequest, SignedDocument, SigningKey as _, SuppliedEvidence, TimeStampAuthority,
    TimestampedSigningError, Transport, resolve_signer, sign, sign_and_timestamp,
};
use trien_types::Digest;

use super::activation::{Shown, Taken};
use super::authorize::{blocking, tell_of};
use super::credential::Credential;
use super::job::WaitingJob;
use super::order::{Content, Level, Order, digests, orders};
use super::parameters::{Body, Parameters};
use super::sign_hash::{end_failed, refuse_asynchronous, tell_end};
use super::{Call, CscError};
use crate::job::ground;
use crate::rejection::{Code, Rejection};
use crate::store::SigningEvent;

/// Who is asked beside the token.
struct Surroundings {
    anchors: TrustAnchors,
    authority: TimeStampAuthority,
    transport: Box<dyn Transport + Send + Sync>,
}

/// `signatures/signDoc`. Waits for the token, for authorities, and for the person where the call
/// has no activation data.
///
/// # Errors
/// The data is not for this, the person says no, a document takes no signature, the rules forbid
/// one, or the token or an authority fails. Nothing is given out then.
pub async fn sign_documents(call: &Call, body: Body) -> Result<Value, CscError> {
    let of_body = call.clone();
    let begun = blocking(move || {
        let parameters = body.parameters(of_body.version)?;
        begin(&of_body, &parameters)
    });
    match begun.await? {
        Begun::Signed(reply) => Ok(reply),
        Begun::Waiting(job) => job.documents(call).await,
    }
}

/// What came of a call as far as nobody is asked.
enum Begun {
    Signed(Value),
    Waiting(WaitingJob),
}

fn begin(call: &Call, parameters: &Parameters<'_>) -> Result<Begun, CscError> {
    parameters.refuse_secrets()?;
    let Some(sad) = parameters.string("SAD")? else {
        let credential = Credential::named(call, parameters)?;
        refuse_what_is_not_offered(parameters)?;
        let orders = orders(call, parameters, &credential)?;
        credential.check_usable(call.daemon.now(), call.version)?;
        return create_job(call, &credential, &orders).map(Begun::Waiting);
    };
    let signed = sign_all(call, parameters, &sad);
    signed
        .map(Begun::Signed)
        .inspect_err(|error| tell_of(call, &sad, error))
}

/// A job whose documents are all to be signed the same way; the window shows them.
fn create_job(
    call: &Call,
    credential: &Credential,
    orders: &[Order],
) -> Result<WaitingJob, CscError> {
    let level = orders.first().map_or(Level::BB, |order| order.level);
    if orders.iter().any(|order| order.level != level) {
        return Err(CscError::invalid("conformance_level"));
    }
    let mut documents = Vec::with_capacity(orders.len());
    for order in orders {
        // Jobs sign with the scheme that the key prefers.
        if credential.preferred_scheme() != Some(order.scheme) {
            return Err(CscError::invalid("signAlgo"));
        }
        match &order.content {
            Content::Document(octets) => documents.push(octets.as_slice()),
            // Nothing can be shown of a digest.
            Content::Digest(_) => return Err(CscError::missing("string", "SAD")),
        }
    }
    WaitingJob::create(call, credential.id(), &documents, level.code())
}

fn refuse_what_is_not_offered(parameters: &Parameters<'_>) -> Result<(), CscError> {
    refuse_asynchronous(parameters)?;
    if parameters.boolean("returnValidationInfo")? {
        return Err(CscError::invalid("returnValidationInfo"));
    }
    Ok(())
}

fn sign_all(call: &Call, parameters: &Parameters<'_>, sad: &str) -> Result<Value, CscError> {
    let credential = Credential::named(call, parameters)?;
    refuse_what_is_not_offered(parameters)?;
    let orders = orders(call, parameters, &credential)?;
    credential.check_usable(call.daemon.now(), call.version)?;
    let shown = Shown {
        sad,
        caller: &call.caller,
        credential: credential.id(),
        version: call.version,
    };
    let activations = call.daemon.activations();
    let digests = digests(&orders, activations.algorithm(shown)?)?;
    let surroundings = Surroundings {
        anchors: ground::anchors(call.daemon.config())?,
        authority: TimeStampAuthority::first_of(call.daemon.config().time_stamp_authorities.iter()),
        transport: ground::transport(call.daemon.config()),
    };
    let mut taken = activations.take(shown, &digests)?;
    let ask = taken.ask;
    let signed = reply(call, &surroundings, &mut taken, &orders).and_then(|reply| {
        let event = SigningEvent::DigestsSigned {
            certificate: credential.id(),
            digests: digests.values,
        };
        // What the log does not tell of is not given out.
        let noted = call.daemon.note(&event, call.caller.pairing);
        noted.map_err(|error| Rejection::from(error).code())?;
        Ok(reply)
    });
    match signed {
        Ok(reply) => {
            tell_end(call, ask, activations.signed(taken)?);
            Ok(reply.into_json())
        }
        Err(error) => {
            end_failed(call, taken, &error);
            tracing::warn!(
                code = error.shown().code().name(),
                "documents were not signed"
            );
            Err(error)
        }
    }
}

/// Signs one after the other, until the person takes the consent back.
fn reply(
    call: &Call,
    surroundings: &Surroundings,
    taken: &mut Taken,
    orders: &[Order],
) -> Result<Reply, CscError> {
    let mut reply = Reply::default();
    for order in orders {
        if call.daemon.activations().is_cancelled(taken) {
            return Err(Code::Cancelled.into());
        }
        match &order.content {
            Content::Document(octets) => {
                let octets = document(call, surroundings, taken, (octets, order))?;
                reply.documents.push(STANDARD.encode(octets).into());
            }
            Content::Digest(octets) => {
                let octets = structure(call, surroundings, taken, (octets, order))?;
                reply.structures.push(STANDARD.encode(octets).into());
            }
        }
    }
    Ok(reply)
}

#[derive(Default)]
struct Reply {
    documents: Vec<Value>,
    structures: Vec<Value>,
}

impl Reply {
    fn into_json(self) -> Value {
        let mut members = Map::new();
        for (name, values) in [
            ("DocumentWithSignature", self.documents),
            ("SignatureObject", self.structures),
        ] {
            if !values.is_empty() {
                members.insert(name.to_owned(), values.into());
            }
        }
        members.into()
    }
}

fn document(
    call: &Call,
    surroundings: &Surroundings,
    taken: &mut Taken,
    (octets, order): (&[u8], &Order),
) -> Result<Vec<u8>, CscError> {
    let now = call.daemon.now();
    let limits = Limits::default();
    let document = Document::open(octets, &limits).map_err(|_| Code::NotAPdf)?;
    let nonce = random_nonce().map_err(|_| Code::Internal)?;
    let mut request = SignatureRequest::new(format!("Trien-{nonce:016x}"), now).under(order.scheme);
    if !surroundings.anchors.is_empty() {
        let supplied = supplied(call, surroundings, taken)?;
        request = request.checked_with(surroundings.anchors.clone(), supplied);
    }
    let key = &mut taken.key;
    let signed = match order.level {
        Level::BB => sign(&document, key, request).map_err(|error| of_road(call, &error))?,
        Level::BT | Level::BLt | Level::BLta => {
            let transport = surroundings.transport.as_ref();
            sign_and_timestamp(&document, key, request, transport, &surroundings.authority)
                .map_err(|error| match &error {
                    TimestampedSigningError::Sign(error) => of_road(call, error),
                    TimestampedSigningError::Timestamp(_) | _ => Code::TimeStampUnavailable.into(),
                })?
                .finish()
        }
    };
    extended(call, surroundings, signed, order.level)
}

/// What is known of the signer's certificate: the rules are asked with it.
fn supplied(
    call: &Call,
    surroundings: &Surroundings,
    taken: &Taken,
) -> Result<SuppliedEvidence, CscError> {
    let (signer, issuers) = taken
        .key
        .certificate_path()
        .split_first()
        .ok_or(Code::CertificateUnknown)?;
    let transport = surroundings.transport.as_ref();
    let search = EvidenceSearch::new(&surroundings.anchors, call.daemon.now(), transport);
    resolve_signer(signer, issuers, &search, &Limits::default())
        .map(|resolved| resolved.supplied)
        .map_err(|error| of_road(call, &error))
}

fn extended(
    call: &Call,
    surroundings: &Surroundings,
    signed: SignedDocument<'_>,
    level: Level,
) -> Result<Vec<u8>, CscError> {
    let level = match level {
        Level::BB | Level::BT => return Ok(signed.to_vec()),
        Level::BLt => ExtensionLevel::BLt,
        Level::BLta => ExtensionLevel::BLta,
    };
    let transport = surroundings.transport.as_ref();
    let search = EvidenceSearch::new(&surroundings.anchors, call.daemon.now(), transport);
    let request = ExtensionRequest::new(level, search).stamped_by(surroundings.authority.clone());
    let extended = signed
        .extend_to(&request, &Limits::default())
        .map_err(|error| {
            tracing::warn!(%error, "a document could not be extended");
            CscError::from(Code::EvidenceUnavailable)
        })?;
    Ok(extended.document.to_vec())
}

/// The CMS structure around the digest of what a PDF signature covers, for a client that puts it
/// into its own document.
fn structure(
    call: &Call,
    surroundings: &Surroundings,
    taken: &mut Taken,
    (octets, order): (&[u8], &Order),
) -> Result<Vec<u8>, CscError> {
    let internal = || CscError::from(Code::Internal);
    let digest = Digest::new(order.scheme.digest_algorithm(), octets.to_vec())
        .map_err(|_| CscError::request("Invalid digest value length"))?;
    let path = taken.key.certificate_path().to_vec();
    let signer = path.first().ok_or_else(internal)?.as_slice();
    let signer = Certificate::from_der(signer).map_err(|_| internal())?;
    let attributes =
        SignedAttributes::for_pades(&digest, &signer, order.scheme, &[]).map_err(|_| internal())?;
    let value = taken
        .key
        .sign_message(order.scheme, attributes.to_be_signed())
        .map_err(|error| CscError::of_token(&error, call.version))?;
    let mut builder = SignedDataBuilder::new(attributes, order.scheme, &signer)
        .certificates(path.iter().map(Vec::as_slice));
    if order.level >= Level::BT {
        let transport = surroundings.transport.as_ref();
        let search = EvidenceSearch::new(&surroundings.anchors, call.daemon.now(), transport);
        let token = surroundings
            .authority
            .time_stamp(&value, &search, &Limits::default())
            .map_err(|_| Code::TimeStampUnavailable)?;
        builder = builder.signature_time_stamp(&token);
    }
    builder.build(&value).map_err(|_| internal())
}

/// What the signing road says.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is left is the library's own trouble"
)]
fn of_road(call: &Call, error: &Error) -> CscError {
    let about = |code| {
        let vietnamese = "tài liệu không nhận chữ ký như phần mềm yêu cầu".to_owned();
        Rejection::in_words(code, vietnamese, error.to_string())
    };
    match error.kind() {
        ErrorKind::Refused(_) => about(Code::SigningRefused).into(),
        ErrorKind::Read(_) => Code::NotAPdf.into(),
        ErrorKind::Place(_) => about(Code::NoPlace).into(),
        ErrorKind::Certificate(_) => Code::CertificateUnknown.into(),
        ErrorKind::KeyUnusable => Code::KeyUnusable.into(),
        ErrorKind::Key(key) => {
            let token = std::error::Error::source(key).and_then(|source| source.downcast_ref());
            token.map_or_else(
                || Code::TokenFailed.into(),
                |error| CscError::of_token(error, call.version),
            )
        }
        _ => about(Code::Internal).into(),
    }
}
