//! What `sign` and `countersign` share: one road, once over an unsigned and once over a signed
//! document.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use trien::appearance::Colour;
use trien::token::{FinalTry, PinSource, ProtectedAuthenticationPath};
use trien::{
    Document, DocumentConclusion, EvidenceSearch, Language, Limits, MappedFile, PermittedSignature,
    SignatureRequest, SignedDocument, SigningAct, SigningKey, UnixTime, UtcOffset, Verification,
    WhereShown, propose, resolve_signer,
};
use trien_report::is_unseen;

use crate::keys::KeyArguments;
use crate::levels::{LevelName, ServiceArguments};
use crate::raising::{Services, WithoutTimeStamp, raised};
use crate::trouble::{Millimetres, SMALLEST_MARK, Trouble};
use crate::words::choose;
use crate::{Ending, LanguageName, clock, keys, mark_drawing};

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
    #[command(flatten)]
    pub(crate) keys: KeyArguments,
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
    /// Mức chữ ký; mặc định: b-b; ghi --tsa thì phải ghi mức / the level: signed, time-stamped,
    /// with evidence, with an archive time stamp; b-b unless named, and --tsa wants it named
    #[arg(long, value_enum)]
    level: Option<LevelName>,
    #[command(flatten)]
    services: ServiceArguments,
    /// Vẫn giữ chữ ký mức B-B khi không lấy được dấu thời gian / keep the signature as B-B when
    /// there is no time stamp to be had
    #[arg(long)]
    keep_basic: bool,
    /// Ký với tư cách: cá nhân, con dấu, con dấu trên bản sao / meant as a person's signature, the
    /// seal, the seal on a copy: decides whose certificate may sign, and after whom
    #[arg(long = "as", value_enum, value_name = "ACT")]
    meant_as: Option<ActName>,
    /// Ngôn ngữ / language
    #[arg(long, value_enum, default_value = "vi")]
    lang: LanguageName,
    /// Tệp PDF cần ký / the PDF to sign
    input: PathBuf,
    /// Tệp PDF kết quả / the signed PDF; never the input
    output: PathBuf,
}

/// What a signature is meant as, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ActName {
    Personal,
    Seal,
    Copy,
}

impl From<ActName> for SigningAct {
    fn from(name: ActName) -> Self {
        match name {
            ActName::Personal => Self::Personal,
            ActName::Seal => Self::Seal,
            ActName::Copy => Self::SealOfCopy,
        }
    }
}

/// A place on a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    page: usize,
    corner: (f32, f32),
    size: (f32, f32),
}

pub(crate) fn parse_time(text: &str) -> Result<UnixTime, String> {
    UnixTime::from_rfc3339(text).map_err(|error| error.to_string())
}

pub(crate) fn parse_place(text: &str) -> Result<Place, String> {
    let wrong = || {
        "cần năm số: trang,trái,dưới,rộng,cao / five numbers are needed: page,left,bottom,width,height".to_owned()
    };
    let (page, rest) = text.split_once(',').ok_or_else(wrong)?;
    let page: usize = page.trim().parse().map_err(|_| wrong())?;
    let page = page
        .checked_sub(1)
        .ok_or_else(|| "trang đầu tiên là 1 / the first page is 1".to_owned())?;
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

/// Signs as the arguments say. Exit status: 0 signed, 1 refused by the rules, 2 could not.
#[must_use]
pub fn run_signing(act: Act, arguments: &SigningArguments) -> ExitCode {
    let language = Language::from(arguments.lang);
    match sign(act, arguments) {
        Ok(done) => {
            println!("{}", printable(&done));
            Ending::Well.into()
        }
        Err(trouble) => {
            let sentence = trouble.sentence(language);
            eprintln!("{}: {}", act.program(), printable(&sentence));
            trouble.ending().into()
        }
    }
}

/// On one line, and without what a terminal would obey or nobody would see: names come from
/// certificates and files.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            // A name must not forge a line, nor show as another one.
            if letter.is_control() || is_unseen(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

/// Gives the line that says what was done.
fn sign(act: Act, arguments: &SigningArguments) -> Result<String, Trouble> {
    let language = Language::from(arguments.lang);
    let file = MappedFile::open(&arguments.input).map_err(Trouble::File)?;
    let document = Document::open(&file, &Limits::default())
        .map_err(|error| Trouble::Document(Box::new(error)))?;
    let mut request = request(arguments);
    let services = Services::of(level(arguments)?, &arguments.services, language)?;
    check_act(act, &file, request.signing_time)?;
    check_mark(&document, arguments.show)?;
    let (mut key, signer): (Box<dyn SigningKey>, String) = match &arguments.keys.soft_key {
        Some(path) => {
            let key = keys::soft_key(path, &arguments.keys)?;
            let path = key.certificate_path().to_vec();
            let certificate = path.first().cloned().unwrap_or_default();
            let issuers = path.get(1..).unwrap_or_default();
            request = checked(request, &certificate, issuers, arguments)?;
            let permitted = permitted(&document, &certificate, &request)?;
            let signer = name_of(&permitted, arguments);
            (Box::new(key), signer)
        }
        None => {
            let token = keys::token(&arguments.keys)?;
            let certificate = keys::certificate(&token, &arguments.keys)?;
            // The rules are asked with the certificate alone: a refusal costs no PIN.
            request = checked(request, &certificate, &[], arguments)?;
            let permitted = permitted(&document, &certificate, &request)?;
            let signer = name_of(&permitted, arguments);
            let pad = token.info().protected_authentication_path;
            let source = if pad == ProtectedAuthenticationPath::Present {
                PinSource::ProtectedAuthenticationPath
            } else {
                PinSource::Pin(keys::pin(&arguments.keys)?)
            };
            let selector = keys::selector(&arguments.keys);
            let key = token
                .open_key(&selector, source, FinalTry::Refuse)
                .map_err(Trouble::Token)?;
            (Box::new(key), signer)
        }
    };
    let reason = arguments.reason.as_deref();
    request = shown(request, (arguments.show, reason), &signer)?;
    let time = civil(request.signing_time);
    let kept = if arguments.keep_basic {
        WithoutTimeStamp::Kept
    } else {
        WithoutTimeStamp::Refused
    };
    let level = SignedDocument::write_while_made(
        document.bytes(),
        &arguments.output,
        Some(&arguments.input),
        || raised(&document, key.as_mut(), request, services.as_ref(), kept),
    )?;
    let (input, output) = (arguments.input.display(), arguments.output.display());
    let field = &arguments.field;
    Ok(match language {
        Language::En => format!(
            "Signed: {input}, by {signer}, in field {field}, at {time}, level {level}; written to \
             {output}"
        ),
        Language::Vi | _ => format!(
            "Đã ký: {input}, người ký: {signer}, trường: {field}, lúc {time}, mức {level}; tệp kết \
             quả: {output}"
        ),
    })
}

/// The level; an authority without one would be forgotten in silence.
fn level(arguments: &SigningArguments) -> Result<LevelName, Trouble> {
    match arguments.level {
        Some(level) => Ok(level),
        None if arguments.services.has_authority() => Err(Trouble::LevelMissing),
        None => Ok(LevelName::BB),
    }
}

/// The request with the certificate's path and status looked up, where roots are named.
fn checked(
    request: SignatureRequest,
    certificate: &[u8],
    issuers: &[Vec<u8>],
    arguments: &SigningArguments,
) -> Result<SignatureRequest, Trouble> {
    if !arguments.services.has_anchors() {
        return Ok(request);
    }
    let anchors = arguments.services.anchors(Language::from(arguments.lang))?;
    let transport = arguments.services.transport();
    let search = EvidenceSearch::new(&anchors, request.signing_time, transport.as_ref());
    let resolved = resolve_signer(certificate, issuers, &search, &Limits::default())
        .map_err(Trouble::Signing)?;
    Ok(request.checked_with(anchors, resolved.supplied))
}

/// Whether the rules permit it. What they warn of is said before the PIN is asked for.
fn permitted<'d>(
    document: &'d Document<'d>,
    certificate: &[u8],
    request: &SignatureRequest,
) -> Result<PermittedSignature<'d>, Trouble> {
    let permitted = propose(document, certificate, request.clone()).map_err(Trouble::Signing)?;
    for warning in permitted.permit().warnings() {
        eprintln!("! {} [{}]", printable(&warning.message), warning.clause);
    }
    Ok(permitted)
}

/// The signer's common name, or the field's where the certificate has none.
fn name_of(permitted: &PermittedSignature<'_>, arguments: &SigningArguments) -> String {
    permitted
        .signer_common_name()
        .unwrap_or(&arguments.field)
        .to_owned()
}

/// As people in Vietnam write it.
pub(crate) fn civil(time: UnixTime) -> String {
    time.to_civil(UtcOffset::VIETNAM).map_or_else(
        |_| time.to_string(),
        |civil| {
            format!(
                "{:02}:{:02}:{:02} {:02}/{:02}/{}",
                civil.hour, civil.minute, civil.second, civil.day, civil.month, civil.year
            )
        },
    )
}

/// `countersign` wants an earlier signature; `sign` does not forbid one.
fn check_act(act: Act, bytes: &[u8], time: UnixTime) -> Result<(), Trouble> {
    if act != Act::Countersign {
        return Ok(());
    }
    let anchors = trien::trust::TrustAnchors::default();
    let report = trien::verify(bytes, &Verification::new(&anchors, time));
    if report.conclusion == DocumentConclusion::Unsigned {
        return Err(Trouble::NotSigned);
    }
    Ok(())
}

/// The mark can be read and lies on its page.
pub(crate) fn check_mark(document: &Document<'_>, place: Option<Place>) -> Result<(), Trouble> {
    let Some(place) = place else {
        return Ok(());
    };
    let (width, height) = place.size;
    // Not the other way round: what is no number is too small.
    if !(width >= SMALLEST_MARK.0 && height >= SMALLEST_MARK.1) {
        let size = Millimetres::of_points(width.into(), height.into());
        return Err(Trouble::MarkTooSmall(size));
    }
    let page = document
        .page_rectangle(place.page)
        .map_err(Trouble::Place)?;
    let Some([left, bottom, right, top]) = page else {
        return Ok(());
    };
    let (x, y) = (f64::from(place.corner.0), f64::from(place.corner.1));
    let (far_x, far_y) = (x + f64::from(width), y + f64::from(height));
    if x >= left && y >= bottom && far_x <= right && far_y <= top {
        return Ok(());
    }
    Err(Trouble::OffPage {
        page: place.page.saturating_add(1),
        size: Millimetres::of_points(right - left, top - bottom),
    })
}

fn request(arguments: &SigningArguments) -> SignatureRequest {
    let time = arguments.at.unwrap_or_else(clock);
    let mut request = SignatureRequest::new(&arguments.field, time);
    request.reason.clone_from(&arguments.reason);
    request.language = Language::from(arguments.lang);
    request.act = arguments.meant_as.map(Into::into).unwrap_or_default();
    request
}

/// The same with a mark that names the signer, if one is wanted.
pub(crate) fn shown(
    request: SignatureRequest,
    (place, reason): (Option<Place>, Option<&str>),
    signer: &str,
) -> Result<SignatureRequest, Trouble> {
    let Some(place) = place else {
        return Ok(request);
    };
    let say = |vi, en| choose(request.language, vi, en);
    let time = civil(request.signing_time);
    let mut lines = vec![
        format!("{}: {}", say("Người ký", "Signed by"), printable(signer)),
        format!("{}: {time}", say("Thời điểm ký", "Signed at")),
    ];
    if let Some(reason) = reason {
        lines.push(format!("{}: {}", say("Lý do", "Reason"), printable(reason)));
    }
    let colour = Colour::new(0, 0, 160);
    let drawing = mark_drawing(&lines, place.size, colour, None).map_err(Trouble::Font)?;
    Ok(request.shown(WhereShown::on_page(place.page, place.corner, drawing)))
}
