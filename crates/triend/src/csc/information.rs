//! `info`: what the service is and which methods it has.
//! Does not know the tokens.

use serde_json::{Value, json};

use super::algorithm;
use super::{CscError, Parameters, Version};
use crate::anchors;
use crate::caller::Caller;
use crate::config::Config;

/// Methods of both versions beside the time stamps.
const METHODS: [&str; 5] = [
    "credentials/list",
    "credentials/info",
    "credentials/authorize",
    "credentials/extendTransaction",
    "signatures/signHash",
];

/// The reply. Somebody who is not paired learns what this version of the program has, and nothing
/// of how this machine is set up.
///
/// # Errors
/// `lang` is no text.
pub fn information(
    config: &Config,
    caller: Option<&Caller>,
    parameters: &Parameters<'_>,
) -> Result<Value, CscError> {
    parameters.string("lang")?;
    let stamps = caller.is_some() && !config.time_stamp_authorities.is_empty();
    let evidence = stamps && anchors::are_there(config);
    let mut methods = METHODS.to_vec();
    if parameters.version() == Version::Two {
        methods.push("signatures/signDoc");
    }
    if stamps {
        methods.push("signatures/timestamp");
    }
    let mut reply = json!({
        "specs": match parameters.version() {
            Version::One => "1.0.4.0",
            Version::Two => "2.0.0.0",
        },
        "name": "triend",
        // The document that this URI has to name is its own content.
        "logo": "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E",
        "region": "VN",
        "lang": "vi",
        "description": format!(
            "Trình ký của triện trên máy này / signing daemon of this machine, version {}",
            env!("CARGO_PKG_VERSION"),
        ),
        "authType": ["external"],
        "methods": methods,
    });
    if let (Version::Two, Some(members)) = (parameters.version(), reply.as_object_mut()) {
        let mut levels = vec!["Ades-B-B"];
        if stamps {
            levels.push("Ades-B-T");
        }
        if evidence {
            levels.extend(["Ades-B-LT", "Ades-B-LTA"]);
        }
        for (name, value) in [
            (
                "signAlgorithms",
                json!({ "algos": algorithm::all_identifiers(), "algoParams": [] }),
            ),
            (
                "signature_formats",
                json!({ "formats": ["P"], "envelope_properties": [["Revision"]] }),
            ),
            ("conformance_levels", levels.into()),
            ("asynchronousOperationMode", false.into()),
            ("validationInfo", false.into()),
        ] {
            members.insert(name.to_owned(), value);
        }
    }
    Ok(reply)
}
