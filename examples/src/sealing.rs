//! What signs a report that this program has just made: the same keys and rules as for any document.

use std::path::{Path, PathBuf};

use clap::Args;
use trien::net::AddressPolicy;
use trien::token::{FinalTry, PinSource, ProtectedAuthenticationPath};
use trien::{
    Document, Language, Limits, PermittedSignature, SignatureRequest, SigningAct, SigningKey,
    UnixTime, propose, write_new_file,
};

use crate::keys::{self, KeyArguments};
use crate::levels::{LevelName, ServiceArguments};
use crate::raising::{Services, WithoutTimeStamp, raised};
use crate::signing::{Place, check_mark, parse_place, shown};
use crate::trouble::Trouble;
use crate::words::choose;

/// The field of the one signature in a report.
const FIELD: &str = "BaoCao";

/// The rule that wants a person's certificate for a person's signature.
const PERSONS_CERTIFICATE: &str = "tt41.6.2a";

/// How a report is signed: the level, and whether it shows.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct SealArguments {
    /// Cùng --seal-report: mức chữ ký; mặc định b-b, có --tsa thì b-t / with --seal-report: the
    /// level; b-b by default, b-t with --tsa
    #[arg(long, value_enum, requires = "seal_report")]
    level: Option<LevelName>,
    /// Cùng --seal-report: máy chủ dấu thời gian; ghi nhiều lần để có dự phòng / with --seal-report:
    /// address of a time-stamping authority; more than one: asked in turn
    #[arg(long, value_name = "URL", requires = "seal_report")]
    tsa: Vec<String>,
    /// Cùng --seal-report: hiện khung chữ ký: trang,trái,dưới,rộng,cao / with --seal-report: show a
    /// mark: page,left,bottom,width,height in PDF points, the first page being 1
    #[arg(long, value_name = "P,X,Y,W,H", value_parser = parse_place, requires = "seal_report")]
    show: Option<Place>,
}

impl SealArguments {
    fn level(&self) -> LevelName {
        self.level.unwrap_or(if self.tsa.is_empty() {
            LevelName::BB
        } else {
            LevelName::BT
        })
    }
}

/// What the network is asked with: the roots of the run, and its rule about private addresses.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SealServices<'a> {
    /// The folder of trusted roots.
    pub anchors: Option<&'a PathBuf>,
    /// The folder of kept evidence.
    pub evidence: Option<&'a PathBuf>,
    /// Where connections may lead.
    pub addresses: AddressPolicy,
}

impl<'a> SealServices<'a> {
    /// Services beside these roots.
    #[must_use]
    pub const fn new(anchors: Option<&'a PathBuf>, addresses: AddressPolicy) -> Self {
        Self {
            anchors,
            evidence: None,
            addresses,
        }
    }

    /// The same with a folder of kept evidence.
    #[must_use]
    pub const fn with_evidence(mut self, evidence: Option<&'a PathBuf>) -> Self {
        self.evidence = evidence;
        self
    }
}

/// Whether the key that is to sign a report is there and opens, without asking a person. To be known
/// before the work that the report is about.
///
/// # Errors
/// The sentence for the user.
pub fn check_seal_key(keys: &KeyArguments, language: Language) -> Result<(), String> {
    keys::check(keys).map_err(|trouble| trouble.sentence(language))
}

/// Signs a report and writes it. A person's certificate signs it; an organisation's seals it. Gives
/// the sentence that says what was done, or what went wrong.
///
/// # Errors
/// The sentence for the user: no key, a wrong PIN, a refusal by the rules, no time stamp, a mark
/// that does not lie on its page, a file that cannot be written.
pub fn seal_report(
    report: &[u8],
    output: &Path,
    (keys, seal): (&KeyArguments, &SealArguments),
    services: SealServices<'_>,
    (time, language): (UnixTime, Language),
) -> Result<String, String> {
    let sealed = sealed(report, output, (keys, seal), services, (time, language));
    sealed.map_err(|trouble| trouble.sentence(language))
}

fn sealed(
    report: &[u8],
    output: &Path,
    (keys, seal): (&KeyArguments, &SealArguments),
    services: SealServices<'_>,
    (time, language): (UnixTime, Language),
) -> Result<String, Trouble> {
    let document = Document::open(report, &Limits::default())
        .map_err(|error| Trouble::Document(Box::new(error)))?;
    let asked = ServiceArguments {
        tsa: seal.tsa.clone(),
        anchors: services.anchors.cloned(),
        evidence: services.evidence.cloned(),
        allow_private_addresses: services.addresses == AddressPolicy::AllowPrivate,
    };
    // What is missing costs no PIN, and a refusal none either.
    let services = Services::of(seal.level(), &asked, language)?;
    check_mark(&document, seal.show)?;
    let (mut key, (request, signer)): (Box<dyn SigningKey>, _) = match &keys.soft_key {
        Some(path) => {
            let key = keys::soft_key(path, keys)?;
            let certificate = key.certificate_path().first().cloned().unwrap_or_default();
            let permitted = permitted(&document, &certificate, (time, language))?;
            (Box::new(key), permitted)
        }
        None => {
            let token = keys::token(keys)?;
            let certificate = keys::certificate(&token, keys)?;
            let permitted = permitted(&document, &certificate, (time, language))?;
            let pad = token.info().protected_authentication_path;
            let source = if pad == ProtectedAuthenticationPath::Present {
                PinSource::ProtectedAuthenticationPath
            } else {
                PinSource::Pin(keys::pin(keys)?)
            };
            let key = token
                .open_key(&keys::selector(keys), source, FinalTry::Refuse)
                .map_err(Trouble::Token)?;
            (Box::new(key), permitted)
        }
    };
    let reason = reason(language);
    let request = shown(request, (seal.show, Some(reason)), &signer)?;
    let without = WithoutTimeStamp::Refused;
    let (signed, level) = raised(&document, key.as_mut(), request, services.as_ref(), without)?;
    let octets = signed.to_vec();
    write_new_file(output, None, &[&octets]).map_err(Trouble::File)?;
    let done = choose(language, "Báo cáo đã ký", "The report was signed");
    let by = choose(language, "người ký", "by");
    let at = choose(language, "mức", "level");
    Ok(format!(
        "{done}: {}; {by}: {signer}; {at} {level}",
        output.display()
    ))
}

const fn reason(language: Language) -> &'static str {
    choose(
        language,
        "Báo cáo kiểm tra chữ ký số",
        "Report on digital signatures",
    )
}

/// What the rules permit: a person's signature, else the seal. With the signer's name.
fn permitted(
    document: &Document<'_>,
    certificate: &[u8],
    (time, language): (UnixTime, Language),
) -> Result<(SignatureRequest, String), Trouble> {
    let proposed = |act: SigningAct| {
        let mut request = SignatureRequest::new(FIELD, time).with_reason(reason(language));
        request.language = language;
        request.act = act;
        let name = |permitted: PermittedSignature<'_>| {
            let name = permitted.signer_common_name();
            name.unwrap_or(FIELD).to_owned()
        };
        propose(document, certificate, request.clone()).map(|permitted| (request, name(permitted)))
    };
    proposed(SigningAct::Personal).or_else(|refused| {
        let because_of_kind = refused.refusal().is_some_and(|refusal| {
            refusal
                .grounds()
                .all(|finding| finding.rule.as_str() == PERSONS_CERTIFICATE)
        });
        proposed(SigningAct::Seal).map_err(|of_seal| {
            if because_of_kind {
                Trouble::SealAlone(of_seal)
            } else {
                Trouble::Signing(refused)
            }
        })
    })
}
