//! What signs a report that this program has just made: the same keys and rules as for any document.

use std::path::Path;

use trien::token::{FinalTry, PinSource, ProtectedAuthenticationPath};
use trien::{
    Document, Language, Limits, SignatureRequest, SigningAct, SigningKey, UnixTime, propose,
    write_new_file,
};

use crate::keys::{self, KeyArguments};
use crate::trouble::Trouble;
use crate::words::choose;

/// The field of the one signature in a report.
const FIELD: &str = "BaoCao";

/// Signs a report and writes it. A person's certificate signs it; an organisation's seals it. Gives
/// the sentence that says what was done, or what went wrong.
///
/// # Errors
/// The sentence for the user: no key, a wrong PIN, a refusal by the rules, a file that cannot be
/// written.
pub fn seal_report(
    report: &[u8],
    output: &Path,
    keys: &KeyArguments,
    (time, language): (UnixTime, Language),
) -> Result<String, String> {
    let sealed = sealed(report, output, keys, (time, language));
    sealed.map_err(|trouble| trouble.sentence(language))
}

fn sealed(
    report: &[u8],
    output: &Path,
    keys: &KeyArguments,
    (time, language): (UnixTime, Language),
) -> Result<String, Trouble> {
    let document = Document::open(report, &Limits::default())
        .map_err(|error| Trouble::Document(Box::new(error)))?;
    let (mut key, request): (Box<dyn SigningKey>, _) = match &keys.soft_key {
        Some(path) => {
            let key = keys::soft_key(path, keys)?;
            let certificate = key.certificate_path().first().cloned().unwrap_or_default();
            let request = permitted(&document, &certificate, (time, language))?;
            (Box::new(key), request)
        }
        None => {
            let token = keys::token(keys)?;
            let certificate = keys::certificate(&token, keys)?;
            // A refusal costs no PIN.
            let request = permitted(&document, &certificate, (time, language))?;
            let pad = token.info().protected_authentication_path;
            let source = if pad == ProtectedAuthenticationPath::Present {
                PinSource::ProtectedAuthenticationPath
            } else {
                PinSource::Pin(keys::pin(keys)?)
            };
            let key = token
                .open_key(&keys::selector(keys), source, FinalTry::Refuse)
                .map_err(Trouble::Token)?;
            (Box::new(key), request)
        }
    };
    let signed = trien::sign(&document, key.as_mut(), request).map_err(Trouble::Signing)?;
    let octets = signed.to_vec();
    write_new_file(output, None, &[&octets]).map_err(Trouble::File)?;
    let done = choose(language, "Báo cáo đã ký", "The report was signed");
    Ok(format!("{done}: {}", output.display()))
}

/// What the rules permit: a person's signature, else the seal.
fn permitted(
    document: &Document<'_>,
    certificate: &[u8],
    (time, language): (UnixTime, Language),
) -> Result<SignatureRequest, Trouble> {
    let proposed = |act: SigningAct| {
        let reason = choose(
            language,
            "Báo cáo kiểm tra chữ ký số",
            "Report on digital signatures",
        );
        let mut request = SignatureRequest::new(FIELD, time).with_reason(reason);
        request.language = language;
        request.act = act;
        propose(document, certificate, request.clone()).map(|_| request)
    };
    proposed(SigningAct::Personal)
        .or_else(|refused| proposed(SigningAct::Seal).map_err(|_| refused))
        .map_err(Trouble::Signing)
}
