//! Credentials: the signing certificates of all tokens as the API describes them. Needs no PIN and
//! no signature.
//! Judges no trust; an expired certificate is said to be so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use trien::token::{PinState, certificate_path};
use trien::x509::asn1::{Reader, Tag};
use trien::x509::{AlgorithmIdentifier, Certificate, KeyKind};
use trien::{Limits, SignatureScheme, UnixTime, UtcOffset};
use trien_types::CertificateId;

use super::parameters::Parameters;
use super::{Call, CscError, MOST_SIGNATURES, Version, algorithm};
use crate::daemon::Daemon;
use crate::job::ground;
use crate::rejection::Code;
use crate::token_worker::CertificateReport;

/// id-at-organizationName.
const ORGANISATION: &str = "2.5.4.10";

/// A signing certificate on a token.
#[derive(Debug, Clone)]
pub(super) struct Credential {
    report: CertificateReport,
    certificate: Certificate,
    pin_state: PinState,
}

/// Which certificates a reply has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certificates {
    None,
    Single,
    Chain,
}

/// What a reply says.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    certificates: Certificates,
    certificate_information: bool,
    authorisation: Authorisation,
}

/// Whether the reply says how a credential is authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Authorisation {
    Told,
    /// Only where the version requires it.
    LeftOut,
}

impl Credential {
    fn of(report: &CertificateReport, pin_state: PinState) -> Option<Self> {
        Some(Self {
            report: report.clone(),
            certificate: Certificate::from_der(report.der()).ok()?,
            pin_state,
        })
    }

    /// All of them, each once though two modules may reach its token. Blocks.
    pub(super) fn all(daemon: &Daemon) -> Vec<Self> {
        let modules = daemon.tokens().tokens();
        let mut found: Vec<Self> = Vec::new();
        for token in modules.iter().flat_map(|module| module.tokens()) {
            for report in token.signing_certificates() {
                if !found.iter().any(|known| known.id() == report.id) {
                    found.extend(Self::of(report, token.pin_state));
                }
            }
        }
        found
    }

    /// The one that a request names. Blocks.
    pub(super) fn named(call: &Call, parameters: &Parameters<'_>) -> Result<Self, CscError> {
        let name = parameters.required_string("credentialID")?;
        let all = Self::all(&call.daemon);
        let mut named = all.into_iter().filter(|one| one.id().to_string() == name);
        named
            .next()
            .ok_or_else(|| CscError::invalid("credentialID").shown_as(Code::CertificateUnknown))
    }

    pub(super) const fn id(&self) -> CertificateId {
        self.report.id
    }

    /// The schemes under which it signs digests.
    pub(super) fn digest_schemes(&self) -> &[SignatureScheme] {
        &self.report.digest_schemes
    }

    /// The scheme that jobs sign with.
    pub(super) fn preferred_scheme(&self) -> Option<SignatureScheme> {
        self.report.schemes.first().copied()
    }

    pub(super) fn path(&self) -> &[Vec<u8>] {
        &self.report.certificate_path
    }

    fn is_enabled(&self, now: UnixTime) -> bool {
        !algorithm::identifiers(self.digest_schemes()).is_empty()
            && now >= self.certificate.not_before()
    }

    /// Whether it signs at `now`.
    ///
    /// # Errors
    /// It is disabled, locked or expired.
    pub(super) fn check_usable(&self, now: UnixTime, version: Version) -> Result<(), CscError> {
        if now > self.certificate.not_after() {
            return Err(CscError::request(format!(
                "Signing certificate 'O={},CN={}' is expired.",
                self.organisation(),
                self.certificate.subject().common_name().unwrap_or_default(),
            ))
            .shown_as(Code::CertificateExpired));
        }
        if !self.is_enabled(now) {
            return Err(
                CscError::request("The credential identified by credentialID is disabled")
                    .shown_as(Code::KeyUnusable),
            );
        }
        if self.pin_state == PinState::Locked {
            return Err(CscError::locked(version));
        }
        Ok(())
    }

    fn organisation(&self) -> &str {
        let mut attributes = self.certificate.subject().attributes();
        attributes
            .find(|attribute| {
                let oid = attribute.oid.known();
                oid.is_some_and(|oid| oid.to_string() == ORGANISATION)
            })
            .map_or("", |attribute| attribute.text.as_str())
    }

    /// The certificate, then its issuers out of the token and the folder of roots.
    fn chain(&self, daemon: &Daemon) -> Result<Vec<Vec<u8>>, CscError> {
        let mut pool = self.path().to_vec();
        let anchors = ground::anchors(daemon.config())?;
        pool.extend(
            anchors
                .iter()
                .map(|anchor| anchor.certificate().as_der().to_vec()),
        );
        Ok(certificate_path(self.report.der(), &pool))
    }

    fn to_json(&self, call: &Call, wanted: Wanted) -> Result<Map<String, Value>, CscError> {
        let now = call.daemon.now();
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        let name = self.certificate.subject().common_name().unwrap_or_default();
        put("description", name.into());
        put("key", self.key(now));
        put("cert", self.certificate(call, wanted, now)?.into());
        match call.version {
            Version::One => {
                put("authMode", "implicit".into());
            }
            Version::Two if wanted.authorisation == Authorisation::Told => {
                put("auth", authorisation());
            }
            Version::Two => {
                put("auth", json!({ "mode": "explicit" }));
            }
        }
        put("SCAL", "2".into());
        put("multisign", MOST_SIGNATURES.into());
        put("lang", "vi".into());
        Ok(members)
    }

    fn key(&self, now: UnixTime) -> Value {
        let public = self.certificate.public_key().ok();
        let status = if self.is_enabled(now) {
            "enabled"
        } else {
            "disabled"
        };
        let mut key = json!({
            "status": status,
            "algo": algorithm::identifiers(self.digest_schemes()),
            "len": public.as_ref().map_or(0, |key| key.bits()),
        });
        let is_curve = public.is_some_and(|key| key.kind() == KeyKind::Ec);
        if let (true, Some(curve), Some(key)) = (is_curve, self.curve(), key.as_object_mut()) {
            key.insert("curve".to_owned(), curve.into());
        }
        key
    }

    /// The identifier of the named curve (RFC 5480, 2.1.1).
    fn curve(&self) -> Option<String> {
        let limits = Limits::default();
        let mut information = Reader::new(self.certificate.subject_public_key_info(), &limits)
            .expect(Tag::SEQUENCE)
            .ok()?
            .elements()
            .ok()?;
        let algorithm = AlgorithmIdentifier::from_element(&information.element().ok()?).ok()?;
        let mut parameters = Reader::new(algorithm.parameters()?, &limits);
        let curve = parameters.expect(Tag::OBJECT_IDENTIFIER).ok()?;
        Some(curve.object_identifier().ok()?.known()?.to_string())
    }

    fn certificate(
        &self,
        call: &Call,
        wanted: Wanted,
        now: UnixTime,
    ) -> Result<Map<String, Value>, CscError> {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        // Whether it was revoked nobody has asked, so it is not said to be valid.
        if now > self.certificate.not_after() {
            put("status", "expired".into());
        }
        let encode =
            |chain: &[Vec<u8>]| -> Value { chain.iter().map(|der| STANDARD.encode(der)).collect() };
        match wanted.certificates {
            Certificates::None => {}
            Certificates::Single => {
                put("certificates", encode(&[self.report.der().to_vec()]));
            }
            Certificates::Chain => {
                put("certificates", encode(&self.chain(&call.daemon)?));
            }
        }
        if wanted.certificate_information {
            let certificate = &self.certificate;
            put("issuerDN", certificate.issuer().to_string().into());
            let serial = certificate.serial().to_string().to_ascii_uppercase();
            put("serialNumber", serial.into());
            put("subjectDN", certificate.subject().to_string().into());
            put("validFrom", time(certificate.not_before()).into());
            put("validTo", time(certificate.not_after()).into());
        }
        Ok(members)
    }
}

/// The person is asked in the daemon's window: nothing goes with the request.
fn authorisation() -> Value {
    json!({
        "mode": "explicit",
        "expression": "PIN",
        "objects": [{
            "type": "PasswordOOB",
            "id": "PIN",
            "format": "A",
            "label": "PIN",
            "description": "Nhập mã PIN trong cửa sổ của triend / The PIN is typed in triend's window",
        }],
    })
}

/// `YYYYMMDDHHmmssZ`.
fn time(time: UnixTime) -> String {
    let text = time.to_rfc3339(UtcOffset::UTC);
    let digits = text.chars().filter(char::is_ascii_digit).take(14);
    digits.chain(['Z']).collect()
}

impl Wanted {
    fn of(parameters: &Parameters<'_>) -> Result<Self, CscError> {
        let certificates = parameters.string("certificates")?;
        Ok(Self {
            certificates: match certificates.as_deref() {
                Some("none") => Certificates::None,
                None | Some("single") => Certificates::Single,
                Some("chain") => Certificates::Chain,
                Some(_) => return Err(CscError::invalid("certificates")),
            },
            certificate_information: parameters.boolean("certInfo")?,
            authorisation: if parameters.boolean("authInfo")? {
                Authorisation::Told
            } else {
                Authorisation::LeftOut
            },
        })
    }
}

/// `credentials/list`. Blocks.
///
/// # Errors
/// A parameter is not what the method takes.
pub fn list(call: &Call, parameters: &Parameters<'_>) -> Result<Value, CscError> {
    parameters.refuse_secrets()?;
    let wanted = Wanted::of(parameters)?;
    let only_valid = parameters.boolean("onlyValid")?;
    let mut credentials = Credential::all(&call.daemon);
    let now = call.daemon.now();
    if only_valid {
        credentials.retain(|one| one.check_usable(now, call.version).is_ok());
    }
    let page = match call.version {
        Version::One => Page::of(parameters)?,
        Version::Two => Page::WHOLE,
    };
    let total = credentials.len();
    let shown: Vec<&Credential> = credentials
        .iter()
        .skip(page.start)
        .take(page.most)
        .collect();
    let mut reply = json!({
        "credentialIDs": shown.iter().map(|one| one.id().to_string()).collect::<Vec<_>>(),
    });
    let Some(members) = reply.as_object_mut() else {
        return Ok(reply);
    };
    let next = page.start.saturating_add(shown.len());
    if next < total {
        members.insert("nextPageToken".to_owned(), next.to_string().into());
    }
    if call.version == Version::Two {
        if parameters.boolean("credentialInfo")? {
            let infos: Result<Vec<Value>, CscError> = shown
                .iter()
                .map(|one| {
                    let mut info = one.to_json(call, wanted)?;
                    info.insert("credentialID".to_owned(), one.id().to_string().into());
                    Ok(info.into())
                })
                .collect();
            members.insert("credentialInfos".to_owned(), infos?.into());
        }
        members.insert("onlyValid".to_owned(), only_valid.into());
    }
    Ok(reply)
}

/// Which part of the list.
struct Page {
    start: usize,
    most: usize,
}

impl Page {
    const WHOLE: Self = Self {
        start: 0,
        most: usize::MAX,
    };

    fn of(parameters: &Parameters<'_>) -> Result<Self, CscError> {
        let most = match parameters.integer("maxResults")? {
            None => usize::MAX,
            Some(most) => usize::try_from(most)
                .ok()
                .filter(|most| *most > 0)
                .ok_or_else(|| CscError::invalid("maxResults"))?,
        };
        let start = match parameters.string("pageToken")? {
            None => 0,
            Some(token) => token.parse().map_err(|_| CscError::invalid("pageToken"))?,
        };
        Ok(Self { start, most })
    }
}

/// `credentials/info`. Blocks.
///
/// # Errors
/// There is no such credential, or a parameter is not what the method takes.
pub fn info(call: &Call, parameters: &Parameters<'_>) -> Result<Value, CscError> {
    parameters.refuse_secrets()?;
    let wanted = Wanted::of(parameters)?;
    let credential = Credential::named(call, parameters)?;
    credential.to_json(call, wanted).map(Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_api_has_them() {
        let seconds = UnixTime::from_seconds(1_788_570_000);
        assert_eq!(time(seconds), "20260905010000Z");
    }
}
