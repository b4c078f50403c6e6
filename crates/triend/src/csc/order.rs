//! What `signatures/signDoc` is asked to sign, and how: documents or digests, level and scheme.
//! Signs nothing.

use trien::x509::Digester;
use trien::{DigestAlgorithm, SignatureScheme};

use super::credential::Credential;
use super::digests::Digests;
use super::parameters::Parameters;
use super::{Call, CscError, algorithm};
use crate::rejection::Code;

/// What a signature is to have (EN 319 142-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    BB,
    BT,
    BLt,
    BLta,
}

impl Level {
    /// Its name in the description of a job.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::BB => "b-b",
            Self::BT => "b-t",
            Self::BLt => "b-lt",
            Self::BLta => "b-lta",
        }
    }
}

/// One document or digest, and how it is to be signed.
pub(super) struct Order {
    pub(super) content: Content,
    pub(super) scheme: SignatureScheme,
    pub(super) level: Level,
}

pub(super) enum Content {
    /// A whole PDF.
    Document(Vec<u8>),
    /// The digest of what a signature covers.
    Digest(Vec<u8>),
}

/// The documents or digests of a request, in their order.
pub(super) fn orders(
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
pub(super) fn digests(orders: &[Order], algorithm: DigestAlgorithm) -> Result<Digests, CscError> {
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
