//! `signatures/timestamp`: a time stamp of the configured authorities over a client's digest.
//! Signs nothing, so nobody is asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trien::{EvidenceSearch, Limits, TimeStampAuthority};
use trien_types::Digest;

use super::parameters::Parameters;
use super::{Call, CscError, algorithm};
use crate::job::ground;
use crate::rejection::Code;

/// Hexadecimal digits of a nonce: 64 bits.
const NONCE_DIGITS: usize = 16;

/// `signatures/timestamp`. Blocks while authorities are asked.
///
/// # Errors
/// A parameter is not what the method takes, or no authority gave a time stamp.
pub fn time_stamp(call: &Call, parameters: &Parameters<'_>) -> Result<Value, CscError> {
    let text = parameters.required_string("hash")?;
    if text.is_empty() {
        return Err(CscError::request("Empty hash parameter"));
    }
    let octets = STANDARD
        .decode(&text)
        .map_err(|_| CscError::request("Invalid Base64 hash string parameter"))?;
    let name = parameters.hash_algorithm_name();
    let oid = parameters
        .hash_algorithm()?
        .ok_or_else(|| CscError::missing("string", name))?;
    let algorithm = algorithm::digest_of_oid(&oid).ok_or_else(|| CscError::invalid(name))?;
    let imprint = Digest::new(algorithm, octets)
        .map_err(|_| CscError::request("Invalid digest value length"))?;
    let nonce = parameters
        .string("nonce")?
        .map(|text| nonce(&text))
        .transpose()?;
    let config = call.daemon.config();
    if config.time_stamp_authorities.is_empty() {
        return Err(CscError::not_offered());
    }
    let anchors = ground::anchors(config)?;
    let transport = ground::transport(config);
    let search = EvidenceSearch::new(&anchors, call.daemon.now(), transport.as_ref());
    let token = TimeStampAuthority::first_of(config.time_stamp_authorities.iter())
        .time_stamp_digest(&imprint, nonce, &search, &Limits::default())
        .map_err(|error| {
            tracing::warn!(%error, "no time stamp");
            CscError::from(Code::TimeStampUnavailable)
        })?;
    Ok(json!({ "timestamp": STANDARD.encode(token) }))
}

fn nonce(text: &str) -> Result<u64, CscError> {
    let fits = (1..=NONCE_DIGITS).contains(&text.len())
        && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u64::from_str_radix(text, 16).ok().filter(|_| fits);
    number.ok_or_else(|| CscError::invalid("nonce"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_hexadecimal_and_no_longer_than_one_that_is_sent() {
        assert_eq!(nonce("ffffFFFFffffFFFF"), Ok(u64::MAX));
        for wrong in ["", "+1", "0x1", "g", "11111111111111111"] {
            assert!(nonce(wrong).is_err(), "{wrong}");
        }
    }
}
