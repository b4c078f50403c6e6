//! What `sign` and `countersign` share: one road, once over an unsigned and once over a signed
//! document.

use std::env;
use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use trien::appearance::Colour;
use trien::token::{
    CertificateSelector, FinalTry, Module, Pin, PinSource, SoftKey, Token, find_modules,
};
use trien::{
    Document, DocumentConclusion, Limits, MappedFile, SignatureRequest, SigningKey, UnixTime,
    Verification, WhereShown, propose,
};

use crate::{Ending, clock, mark_drawing, print_chain};

/// Soft-key files are small; a bound keeps a wrong path from filling memory.
const KEY_FILE_OCTETS: u64 = 1024 * 1024;

/// Which of the two programs runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// The first signature.
    Sign,
    /// A further signature: the document must bear one already.
    Countersign,
}

impl Act {
    const fn program(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Countersign => "countersign",
        }
    }
}

/// Where the key is, where the signature goes, and under which name the result is written.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct SigningArguments {
    /// Mô-đun PKCS#11; mặc định: tìm trên máy / PKCS#11 module; found when not named
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
    /// Nhãn của thiết bị / the token's label; may be left out when there is one token
    #[arg(long, value_name = "LABEL")]
    token: Option<String>,
    /// Nhãn của chứng thư số trên thiết bị / label of the certificate on the token
    #[arg(long, value_name = "LABEL")]
    certificate: Option<String>,
    /// Khóa mềm PKCS#12 (.p12) hoặc PEM / a soft key instead of a token
    #[arg(long, value_name = "FILE", conflicts_with_all = ["module", "token", "certificate"])]
    soft_key: Option<PathBuf>,
    /// Tệp chứa mã PIN ở dòng đầu / file with the PIN in its first line
    #[arg(long, value_name = "FILE", conflicts_with = "pin_env")]
    pin_file: Option<PathBuf>,
    /// Biến môi trường chứa mã PIN / environment variable with the PIN
    #[arg(long, value_name = "NAME")]
    pin_env: Option<String>,
    /// Tên trường chữ ký / full name of the signature field
    #[arg(long, value_name = "NAME")]
    field: String,
    /// Lý do ký / reason
    #[arg(long)]
    reason: Option<String>,
    /// Thời điểm ký; mặc định: bây giờ / signing time, such as 2026-05-31T08:00:00+07:00
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<UnixTime>,
    /// Hiện khung chữ ký: trang,trái,dưới,rộng,cao / show a mark: page,left,bottom,width,height in
    /// PDF points, the first page being 1
    #[arg(long, value_name = "P,X,Y,W,H", value_parser = parse_place)]
    show: Option<Place>,
    /// Tệp PDF cần ký / the PDF to sign
    input: PathBuf,
    /// Tệp PDF kết quả / the signed PDF; never the input
    output: PathBuf,
}

/// A place on a page.
#[derive(Debug, Clone, Copy)]
struct Place {
    page: usize,
    corner: (f32, f32),
    size: (f32, f32),
}

fn parse_time(text: &str) -> Result<UnixTime, String> {
    UnixTime::from_rfc3339(text).map_err(|error| error.to_string())
}

fn parse_place(text: &str) -> Result<Place, String> {
    let wrong = || "five numbers are needed: page,left,bottom,width,height".to_owned();
    let (page, rest) = text.split_once(',').ok_or_else(wrong)?;
    let page: usize = page.trim().parse().map_err(|_| wrong())?;
    let page = page
        .checked_sub(1)
        .ok_or_else(|| "the first page is 1".to_owned())?;
    let numbers: Vec<f32> = rest
        .split(',')
        .map(|part| part.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| wrong())?;
    let [left, bottom, width, height] = numbers.as_slice() else {
        return Err(wrong());
    };
    Ok(Place {
        page,
        corner: (*left, *bottom),
        size: (*width, *height),
    })
}

/// What went wrong, and how the program ends for it.
#[derive(Debug)]
struct Failure {
    ending: Ending,
    error: Box<dyn Error>,
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            ending: Ending::Unable,
            error: Box::new(error),
        }
    }
}

/// A mistake in how the program was called or in what it found.
#[derive(Debug)]
struct Mistake(String);

impl Mistake {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Mistake {}

/// What went wrong with a file, and which one.
#[derive(Debug)]
struct OfFile {
    path: PathBuf,
    source: Box<dyn Error>,
}

impl OfFile {
    fn at<E: Error + 'static>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        |error| Self {
            path,
            source: Box::new(error),
        }
    }
}

impl fmt::Display for OfFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} cannot be used", self.path.display())
    }
}

impl Error for OfFile {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

fn refused(error: trien::Error) -> Failure {
    let ending = if error.refusal().is_some() {
        Ending::Objection
    } else {
        Ending::Unable
    };
    Failure {
        ending,
        error: Box::new(error),
    }
}

/// Signs as the arguments say. Exit status: 0 signed, 1 refused by the rules, 2 could not.
#[must_use]
pub fn run_signing(act: Act, arguments: &SigningArguments) -> ExitCode {
    match sign(act, arguments) {
        Ok(()) => Ending::Well.into(),
        Err(failure) => {
            print_chain(act.program(), failure.error.as_ref());
            failure.ending.into()
        }
    }
}

fn sign(act: Act, arguments: &SigningArguments) -> Result<(), Failure> {
    let file = MappedFile::open(&arguments.input)?;
    let document = Document::open(&file, &Limits::default())?;
    let request = request(arguments)?;
    check_act(act, &file, request.signing_time)?;
    let mut key: Box<dyn SigningKey> = match &arguments.soft_key {
        Some(path) => {
            let key = soft_key(path, arguments)?;
            ask_the_rules(&document, &key, &request)?;
            Box::new(key)
        }
        None => {
            let token = token(arguments)?;
            let certificate = certificate(&token, arguments)?;
            // The rules are asked with the certificate alone: a refusal costs no PIN.
            propose(&document, &certificate, request.clone()).map_err(refused)?;
            let selector = selector(arguments);
            let source = if token.info().protected_authentication_path
                == trien::token::ProtectedAuthenticationPath::Present
            {
                PinSource::ProtectedAuthenticationPath
            } else {
                PinSource::Pin(pin(arguments)?)
            };
            Box::new(token.open_key(&selector, source, FinalTry::Refuse)?)
        }
    };
    let signed = trien::sign(&document, key.as_mut(), request).map_err(refused)?;
    signed.write_to(&arguments.output, Some(&arguments.input))?;
    Ok(())
}

fn ask_the_rules(
    document: &Document<'_>,
    key: &SoftKey,
    request: &SignatureRequest,
) -> Result<(), Failure> {
    let certificate = key
        .certificate_path()
        .first()
        .ok_or(Mistake::new("the key has no certificate"))?;
    propose(document, certificate, request.clone()).map_err(refused)?;
    Ok(())
}

/// `countersign` wants an earlier signature; `sign` does not forbid one.
fn check_act(act: Act, bytes: &[u8], time: UnixTime) -> Result<(), Failure> {
    let anchors = trien::trust::TrustAnchors::default();
    let report = trien::verify(bytes, &Verification::new(&anchors, time));
    if act == Act::Countersign && report.conclusion == DocumentConclusion::Unsigned {
        return Err(Failure {
            ending: Ending::Objection,
            error: Box::new(Mistake::new(
                "there is no signature to countersign: use sign",
            )),
        });
    }
    Ok(())
}

fn request(arguments: &SigningArguments) -> Result<SignatureRequest, Failure> {
    let time = arguments.at.unwrap_or_else(clock);
    let mut request = SignatureRequest::new(&arguments.field, time);
    request.reason.clone_from(&arguments.reason);
    if let Some(place) = arguments.show {
        let mut lines = vec![
            format!("Ký điện tử: {}", arguments.field),
            format!("Ngày ký: {time}"),
        ];
        lines.extend(
            arguments
                .reason
                .as_ref()
                .map(|reason| format!("Lý do: {reason}")),
        );
        let drawing = mark_drawing(&lines, place.size, Colour::new(0, 0, 160), None)?;
        request = request.shown(WhereShown::on_page(place.page, place.corner, drawing));
    }
    Ok(request)
}

fn selector(arguments: &SigningArguments) -> CertificateSelector {
    match &arguments.certificate {
        Some(label) => CertificateSelector::Label(label.clone()),
        None => CertificateSelector::Only,
    }
}

/// The token that was named, or the only one there is.
fn token(arguments: &SigningArguments) -> Result<Token, Failure> {
    let configured: Vec<PathBuf> = arguments.module.iter().cloned().collect();
    let mut tokens = Vec::new();
    let mut problem = None;
    for location in find_modules(&configured) {
        if arguments.module.is_some() && !configured.contains(&location.path) {
            continue;
        }
        let path = location.path.as_path();
        if let Err(error) = location.check {
            problem = Some(Failure::from(OfFile::at(path)(error)));
            continue;
        }
        match Module::load(path).and_then(|module| module.tokens()) {
            Ok(found) => tokens.extend(found),
            Err(error) => problem = Some(Failure::from(OfFile::at(path)(error))),
        }
    }
    let found = labels(tokens.iter().map(|token| &token.info().label));
    if let Some(label) = &arguments.token {
        tokens.retain(|token| token.info().label == *label);
    }
    match tokens.len() {
        1 => tokens
            .pop()
            .ok_or_else(|| Failure::from(Mistake::new("no token"))),
        0 => Err(problem
            .filter(|_| arguments.token.is_none())
            .unwrap_or_else(|| {
                Mistake::new(format!(
                    "no such token is plugged in: plug it in, or name its module with --module{found}"
                ))
                .into()
            })),
        _ => Err(Mistake::new(format!(
            "there are several tokens: name one with --token, or unplug the others{found}"
        ))
        .into()),
    }
}

/// Labels in brackets, for a message; nothing when there are none.
fn labels<'l>(labels: impl Iterator<Item = &'l String>) -> String {
    let listed: Vec<&str> = labels.map(|label| label.trim_end()).collect();
    if listed.is_empty() {
        String::new()
    } else {
        format!(" (there: {})", listed.join(", "))
    }
}

/// The certificate to sign with, read without a PIN.
fn certificate(token: &Token, arguments: &SigningArguments) -> Result<Vec<u8>, Failure> {
    let inventory = token.inventory()?;
    let wanted = arguments.certificate.as_ref();
    let mut fitting = inventory
        .signing_certificates()
        .filter(|certificate| wanted.is_none_or(|label| certificate.label == *label));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only.der.clone()),
        (Some(_), Some(_)) => Err(Mistake::new(
            "the token has several certificates: name one with --certificate",
        )
        .into()),
        (None, _) => {
            let there = labels(
                inventory
                    .certificates
                    .iter()
                    .map(|certificate| &certificate.label),
            );
            Err(Mistake::new(match wanted {
                Some(label) => format!(
                    "the token has no certificate {label:?} with a key of its own: name another{there}"
                ),
                None => format!(
                    "the token has no certificate with a key of its own: ask its issuer to repair \
                     it{there}"
                ),
            })
            .into())
        }
    }
}

fn pin(arguments: &SigningArguments) -> Result<Pin, Failure> {
    if let Some(path) = &arguments.pin_file {
        let file = File::open(path).map_err(OfFile::at(path))?;
        return Ok(Pin::read_line(file).map_err(OfFile::at(path))?);
    }
    if let Some(name) = &arguments.pin_env {
        let pin = env::var(name)
            .map_err(|_| Mistake::new("the variable named by --pin-env is not set"))?;
        return Ok(Pin::from_text(pin)?);
    }
    let typed = rpassword::prompt_password("Mã PIN / PIN: ").map_err(|_| {
        Mistake::new("there is no terminal to ask for the PIN at: use --pin-file or --pin-env")
    })?;
    Ok(Pin::from_text(typed)?)
}

fn soft_key(path: &Path, arguments: &SigningArguments) -> Result<SoftKey, Failure> {
    let mut octets = Vec::new();
    File::open(path)
        .and_then(|file| file.take(KEY_FILE_OCTETS).read_to_end(&mut octets))
        .map_err(OfFile::at(path))?;
    let is_pem = octets.starts_with(b"-----");
    let asked = arguments.pin_file.is_some() || arguments.pin_env.is_some();
    if is_pem {
        let password = if asked { Some(pin(arguments)?) } else { None };
        return Ok(SoftKey::from_pem(&octets, password.as_ref()).map_err(OfFile::at(path))?);
    }
    Ok(SoftKey::from_pkcs12(&octets, &pin(arguments)?).map_err(OfFile::at(path))?)
}
