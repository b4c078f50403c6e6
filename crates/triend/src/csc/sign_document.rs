//! `signatures/signDoc`: PDF signatures over documents, or around their digests, that a consent was
//! given for.
//! Shows nothing: with a consent over digests the window had digests alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use trien::trust::TrustAnchors;
use trien::x509::{Certificate, Digester, random_nonce};
use trien::{
    DigestAlgorithm, Document, Error, ErrorKind, EvidenceSearch, ExtensionLevel, ExtensionRequest,
    Limits, SignatureRequest, SignatureScheme, SignedDocument, SigningKey as _, SuppliedEvidence,
    TimeStampAuthority, TimestampedSigningError, Transport, resolve_signer, sign,
    sign_and_timestamp,
};
use trien_cms::{SignedAttributes, SignedDataBuilder};
use trien_types::Digest;

use super::activation::{Shown, Taken};
use super::authorize::tell_of;
use super::credential::Credential;
use super::digests::Digests;
use super::parameters::Parameters;
use super::sign_hash::{refuse_asynchronous, tell_end};
use super::{Call, CscError, algorithm};
use crate::job::ground;
use crate::rejection::{Code, Rejection};

/// What a signature is to have (EN 319 142-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    BB,
    BT,
    BLt,
    BLta,
}

/// One document or digest, and how it is to be signed.
struct Order {
    content: Content,
    scheme: SignatureScheme,
    level: Level,
}

enum Content {
    /// A whole PDF.
    Document(Vec<u8>),
    /// The digest of what a signature covers.
    Digest(Vec<u8>),
}

/// Who is asked beside the token.
struct Surroundings {
    anchors: TrustAnchors,
    authority: TimeStampAuthority,
    transport: Box<dyn Transport + Send + Sync>,
}

/// `signatures/signDoc`. Blocks while the token signs and authorities are asked.
///
/// # Errors
/// The data is not for this, a document takes no signature, the rules forbid one, or the token or
/// an authority fails. Nothing is given out then.
pub fn sign_documents(call: &Call, parameters: &Parameters<'_>) -> Result<Value, CscError> {
    parameters.refuse_secrets()?;
    let sad = parameters.required_string("SAD")?;
    let signed = sign_all(call, parameters, &sad);
    signed.inspect_err(|error| tell_of(call, &sad, error))
}

fn sign_all(call: &Call, parameters: &Parameters<'_>, sad: &str) -> Result<Value, CscError> {
    let credential = Credential::named(call, parameters)?;
    refuse_asynchronous(parameters)?;
    if parameters.boolean("returnValidationInfo")? {
        return Err(CscError::invalid("returnValidationInfo"));
    }
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
    let mut reply = Reply::default();
    for order in &orders {
        let signed = match &order.content {
            Content::Document(octets) => document(call, &surroundings, &mut taken, (octets, order))
                .map(|octets| reply.documents.push(STANDARD.encode(octets).into())),
            Content::Digest(octets) => structure(call, &surroundings, &mut taken, (octets, order))
                .map(|octets| reply.structures.push(STANDARD.encode(octets).into())),
        };
        if let Err(error) = signed {
            activations.failed(taken);
            tracing::warn!(
                code = error.shown().code().name(),
                "documents were not signed"
            );
            return Err(error);
        }
    }
    tell_end(call, ask, activations.signed(taken));
    Ok(reply.into_json())
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

fn orders(
    call: &Call,
    parameters: &Parameters<'_>,
    credential: &Credential,
) -> Result<Vec<Order>, CscError> {
    let documents = parameters.objects("documents")?;
    let digests = parameters.objects("documentDigests")?;
    match (documents, digests) {
        (Some(_), Some(_)) => Err(CscError::request(
            "Both documentDigests and documents parameters passed",
        )),
        (Some(documents), None) if !documents.is_empty() => documents
            .iter()
            .map(|one| {
                let invalid = || CscError::request("Invalid Base64 documents string parameter");
                let octets = one.octets("document").map_err(|_| invalid())?;
                let octets = octets.ok_or_else(|| CscError::missing("string", "document"))?;
                order(call, one, credential, Content::Document(octets))
            })
            .collect(),
        (None, Some(digests)) if !digests.is_empty() => {
            let mut orders = Vec::new();
            for one in &digests {
                for octets in one.required_hashes()? {
                    orders.push(order(call, one, credential, Content::Digest(octets))?);
                }
            }
            Ok(orders)
        }
        _ => Err(CscError::request(
            "Empty documentDigests and documents objects",
        )),
    }
}

fn order(
    call: &Call,
    parameters: &Parameters<'_>,
    credential: &Credential,
    content: Content,
) -> Result<Order, CscError> {
    if parameters.required_string("signature_format")? != "P" {
        return Err(CscError::invalid("signature_format"));
    }
    // A certification would forbid the signatures that come after it.
    match parameters.string("signed_envelope_property")?.as_deref() {
        None | Some("Revision") => {}
        Some(_) => return Err(CscError::invalid("signed_envelope_property")),
    }
    if parameters
        .objects("signed_props")?
        .is_some_and(|given| !given.is_empty())
    {
        return Err(CscError::invalid("signed_props"));
    }
    let level = level(call, parameters)?;
    if matches!(content, Content::Digest(_)) && level > Level::BT {
        // The evidence belongs into the document, which is not here.
        return Err(CscError::invalid("conformance_level"));
    }
    Ok(Order {
        content,
        scheme: algorithm::scheme(parameters, credential.digest_schemes())?,
        level,
    })
}

fn level(call: &Call, parameters: &Parameters<'_>) -> Result<Level, CscError> {
    let named = parameters.string("conformance_level")?.unwrap_or_default();
    let config = call.daemon.config();
    let stamps = !config.time_stamp_authorities.is_empty();
    let evidence = stamps && config.anchors.is_some();
    // Both `Ades` and `AdES` stand in the standard.
    let level = match named.to_ascii_lowercase().as_str() {
        "" | "ades-b-b" => Level::BB,
        "ades-b-t" if stamps => Level::BT,
        "ades-b-lt" if evidence => Level::BLt,
        "ades-b-lta" if evidence => Level::BLta,
        _ => return Err(CscError::invalid("conformance_level")),
    };
    Ok(level)
}

/// What the consent must have been given for: the digests of the documents as they came.
fn digests(orders: &[Order], algorithm: DigestAlgorithm) -> Result<Digests, CscError> {
    let values: Result<Vec<Vec<u8>>, CscError> = orders
        .iter()
        .map(|order| match &order.content {
            Content::Digest(octets) => Ok(octets.clone()),
            Content::Document(octets) => Digester::digest(algorithm, octets)
                .map(|digest| digest.as_octets().to_vec())
                .map_err(|_| Code::Internal.into()),
        })
        .collect();
    Digests::new(values?, Some(algorithm))
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
    let about = |code| Rejection::about(code, error.to_string());
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
