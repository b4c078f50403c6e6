//! What the daemon asks of a token worker and what it answers, as octets and back.
//! Runs nothing.

use trien_token::{
    FinalTry, KeyLink, LoginRequirement, MAX_PIN_OCTETS, Pin, PinSource, PinState,
    ProtectedAuthenticationPath,
};
use trien_types::{CertificateId, Digest, DigestAlgorithm, PssParameters, SignatureScheme};

use super::fault::WorkerFault;
use super::frame::{FrameFault, FrameReader, FrameWriter, MESSAGE_OCTETS, REPLY_OCTETS};

/// Tokens in one reply: as many as `trien-token` asks of one module.
const TOKENS: usize = 64;
/// Certificates of one token; real ones hold one to ten. Ordering them into paths takes time with
/// the square of their number.
const CERTIFICATES: usize = 64;
/// Octets of one certificate.
const CERTIFICATE_OCTETS: usize = 262_144;
/// Octets of a label or name: those of `CK_TOKEN_INFO` have 64, a certificate's label is free.
const LABEL_OCTETS: usize = 1_024;
/// Schemes of one key; all that are made are nine.
const SCHEMES: usize = 16;
/// Octets of a signature value: that of an RSA key of 16,384 bits.
const VALUE_OCTETS: usize = 2_048;
/// Octets of the longest digest.
const DIGEST_OCTETS: usize = 64;

/// A number the daemon gave an open key; never given twice to one worker.
pub(super) type KeyNumber = u64;

/// What names a token among those of a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TokenName {
    pub(super) label: String,
    pub(super) manufacturer: String,
    pub(super) model: String,
    pub(super) serial_number: String,
}

/// What the daemon asks.
#[derive(Debug)]
pub(super) enum Request {
    /// Logs out and closes a key.
    CloseKey(KeyNumber),
    /// Every token with its certificates.
    ListTokens,
    /// Loads and initialises the module. The first request.
    Load,
    /// Opens the key of a certificate, with at most one login.
    OpenKey {
        key: KeyNumber,
        token: TokenName,
        certificate: CertificateId,
        pin: PinSource,
        final_try: FinalTry,
    },
    /// The tokens alone: quick, and without a session.
    PollTokens,
    /// Signs a digest.
    SignDigest {
        key: KeyNumber,
        scheme: SignatureScheme,
        digest: Digest,
    },
    /// Signs a message.
    SignMessage {
        key: KeyNumber,
        scheme: SignatureScheme,
        message: Vec<u8>,
    },
}

/// What the worker answers, in the order of the requests.
#[derive(Debug)]
pub(super) enum Reply {
    /// It could not.
    Failed(WorkerFault),
    /// It has done what has no result.
    Done,
    /// The key is open.
    KeyOpen(OpenKey),
    /// The tokens; certificates only if these were asked for.
    Tokens(Vec<ListedToken>),
    /// A signature value.
    Value(Vec<u8>),
}

/// What is learnt when a key is opened.
#[derive(Debug)]
pub(super) struct OpenKey {
    pub(super) key_link: KeyLink,
    pub(super) pin_state_before_login: PinState,
    pub(super) schemes: Vec<SignatureScheme>,
    pub(super) digest_schemes: Vec<SignatureScheme>,
}

/// A token as the worker sees it.
#[derive(Debug, Clone)]
pub(super) struct ListedToken {
    pub(super) name: TokenName,
    pub(super) pin_state: PinState,
    pub(super) login: LoginRequirement,
    pub(super) protected_authentication_path: ProtectedAuthenticationPath,
    pub(super) certificates: Result<Vec<ListedCertificate>, WorkerFault>,
}

/// A certificate on a token. Its id is computed by whoever receives it.
#[derive(Debug, Clone)]
pub(super) struct ListedCertificate {
    pub(super) der: Vec<u8>,
    pub(super) label: String,
    pub(super) key_link: KeyLink,
    pub(super) schemes: Vec<SignatureScheme>,
    pub(super) digest_schemes: Vec<SignatureScheme>,
}

/// Octets around the message, digest or PIN of a request: tag, numbers, lengths, a token's name.
const AROUND: usize = 256 + 4 * LABEL_OCTETS;

impl Request {
    /// The request as a frame. A PIN is copied into the frame, which is wiped.
    pub(super) fn to_frame(&self) -> FrameWriter {
        let room = AROUND.saturating_add(match self {
            Self::OpenKey { .. } => MAX_PIN_OCTETS,
            Self::SignMessage { message, .. } => message.len(),
            Self::SignDigest { .. } => DIGEST_OCTETS,
            Self::CloseKey(_) | Self::ListTokens | Self::Load | Self::PollTokens => 0,
        });
        let mut frame = FrameWriter::with_room(room);
        match self {
            Self::Load => frame.byte(0),
            Self::ListTokens => frame.byte(1),
            Self::PollTokens => frame.byte(2),
            Self::OpenKey {
                key,
                token,
                certificate,
                pin,
                final_try,
            } => {
                frame.byte(3).number(*key);
                put_name(&mut frame, token);
                frame.octets(certificate.as_octets());
                frame.byte(u8::from(*final_try == FinalTry::AcceptFinalTry));
                match pin {
                    PinSource::Pin(pin) => frame.octets(pin.expose_octets()),
                    // No PIN has no octets.
                    PinSource::ProtectedAuthenticationPath | _ => frame.octets(b""),
                }
            }
            Self::SignMessage {
                key,
                scheme,
                message,
            } => {
                frame.byte(4).number(*key);
                put_scheme(&mut frame, *scheme);
                frame.octets(message)
            }
            Self::SignDigest {
                key,
                scheme,
                digest,
            } => {
                frame.byte(5).number(*key);
                put_scheme(&mut frame, *scheme);
                frame
                    .byte(digest_code(digest.algorithm()))
                    .octets(digest.as_octets())
            }
            Self::CloseKey(key) => frame.byte(6).number(*key),
        };
        frame
    }

    pub(super) fn from_frame(octets: &[u8]) -> Result<Self, FrameFault> {
        let mut frame = FrameReader::new(octets);
        let request = match frame.byte()? {
            0 => Self::Load,
            1 => Self::ListTokens,
            2 => Self::PollTokens,
            3 => Self::OpenKey {
                key: frame.number()?,
                token: take_name(&mut frame)?,
                certificate: take_certificate_id(&mut frame)?,
                final_try: match frame.byte()? {
                    0 => FinalTry::Refuse,
                    1 => FinalTry::AcceptFinalTry,
                    _ => return Err(FrameFault::Malformed),
                },
                pin: take_pin(&mut frame)?,
            },
            4 => Self::SignMessage {
                key: frame.number()?,
                scheme: take_scheme(&mut frame)?,
                message: frame.octets(MESSAGE_OCTETS)?.to_vec(),
            },
            5 => Self::SignDigest {
                key: frame.number()?,
                scheme: take_scheme(&mut frame)?,
                digest: take_digest(&mut frame)?,
            },
            6 => Self::CloseKey(frame.number()?),
            _ => return Err(FrameFault::Malformed),
        };
        frame.end()?;
        Ok(request)
    }
}

impl Reply {
    pub(super) fn to_frame(&self) -> FrameWriter {
        let mut frame = FrameWriter::with_room(AROUND);
        match self {
            Self::Done => {
                frame.byte(0);
            }
            Self::Failed(fault) => {
                fault.put(frame.byte(1));
            }
            Self::Tokens(tokens) => {
                frame.byte(2).count(tokens.len());
                for token in tokens {
                    put_token(&mut frame, token);
                }
            }
            Self::KeyOpen(open) => {
                frame
                    .byte(3)
                    .byte(key_link_code(open.key_link))
                    .byte(pin_state_code(open.pin_state_before_login));
                put_schemes(&mut frame, &open.schemes);
                put_schemes(&mut frame, &open.digest_schemes);
            }
            Self::Value(value) => {
                frame.byte(4).octets(value);
            }
        }
        frame
    }

    pub(super) fn from_frame(octets: &[u8]) -> Result<Self, FrameFault> {
        let mut frame = FrameReader::new(octets);
        let reply = match frame.byte()? {
            0 => Self::Done,
            1 => Self::Failed(WorkerFault::take(&mut frame)?),
            2 => {
                let count = frame.count(TOKENS)?;
                let tokens = (0..count).map(|_| take_token(&mut frame));
                Self::Tokens(tokens.collect::<Result<_, _>>()?)
            }
            3 => Self::KeyOpen(OpenKey {
                key_link: take_key_link(&mut frame)?,
                pin_state_before_login: take_pin_state(&mut frame)?,
                schemes: take_schemes(&mut frame)?,
                digest_schemes: take_schemes(&mut frame)?,
            }),
            4 => Self::Value(frame.octets(VALUE_OCTETS)?.to_vec()),
            _ => return Err(FrameFault::Malformed),
        };
        frame.end()?;
        Ok(reply)
    }
}

fn put_name(frame: &mut FrameWriter, name: &TokenName) {
    for part in [
        &name.label,
        &name.manufacturer,
        &name.model,
        &name.serial_number,
    ] {
        frame.octets(cut(part));
    }
}

/// A label within the protocol's limit; the few that are longer are only shown.
fn cut(text: &str) -> &[u8] {
    text.as_bytes()
        .get(..LABEL_OCTETS)
        .unwrap_or(text.as_bytes())
}

fn take_name(frame: &mut FrameReader<'_>) -> Result<TokenName, FrameFault> {
    Ok(TokenName {
        label: frame.text(LABEL_OCTETS)?,
        manufacturer: frame.text(LABEL_OCTETS)?,
        model: frame.text(LABEL_OCTETS)?,
        serial_number: frame.text(LABEL_OCTETS)?,
    })
}

fn put_token(frame: &mut FrameWriter, token: &ListedToken) {
    put_name(frame, &token.name);
    frame
        .byte(pin_state_code(token.pin_state))
        .byte(u8::from(token.login == LoginRequirement::Required))
        .byte(u8::from(
            token.protected_authentication_path == ProtectedAuthenticationPath::Present,
        ));
    match &token.certificates {
        Ok(certificates) => {
            frame.byte(0).count(certificates.len());
            for certificate in certificates {
                frame
                    .octets(&certificate.der)
                    .octets(cut(&certificate.label));
                frame.byte(key_link_code(certificate.key_link));
                put_schemes(frame, &certificate.schemes);
                put_schemes(frame, &certificate.digest_schemes);
            }
        }
        Err(fault) => fault.put(frame.byte(1)),
    }
}

fn take_token(frame: &mut FrameReader<'_>) -> Result<ListedToken, FrameFault> {
    Ok(ListedToken {
        name: take_name(frame)?,
        pin_state: take_pin_state(frame)?,
        login: match frame.byte()? {
            0 => LoginRequirement::NotRequired,
            1 => LoginRequirement::Required,
            _ => return Err(FrameFault::Malformed),
        },
        protected_authentication_path: match frame.byte()? {
            0 => ProtectedAuthenticationPath::Absent,
            1 => ProtectedAuthenticationPath::Present,
            _ => return Err(FrameFault::Malformed),
        },
        certificates: match frame.byte()? {
            0 => {
                let count = frame.count(CERTIFICATES)?;
                let certificates = (0..count).map(|_| {
                    Ok(ListedCertificate {
                        der: frame.octets(CERTIFICATE_OCTETS)?.to_vec(),
                        label: frame.text(LABEL_OCTETS)?,
                        key_link: take_key_link(frame)?,
                        schemes: take_schemes(frame)?,
                        digest_schemes: take_schemes(frame)?,
                    })
                });
                Ok(certificates.collect::<Result<_, FrameFault>>()?)
            }
            1 => Err(WorkerFault::take(frame)?),
            _ => return Err(FrameFault::Malformed),
        },
    })
}

/// Whether what a token holds can be sent at all; a token beyond this is refused by itself, not
/// the module with it.
pub(super) fn is_within_limits(certificates: &[ListedCertificate]) -> bool {
    let octets = certificates.iter().map(|certificate| certificate.der.len());
    certificates.len() <= CERTIFICATES
        && octets.clone().all(|octets| octets <= CERTIFICATE_OCTETS)
        && octets.fold(0_usize, usize::saturating_add) <= REPLY_OCTETS / 8
}

fn take_certificate_id(frame: &mut FrameReader<'_>) -> Result<CertificateId, FrameFault> {
    let octets = frame.octets(32)?.try_into();
    octets
        .map(CertificateId::from_sha256)
        .map_err(|_| FrameFault::Malformed)
}

fn take_pin(frame: &mut FrameReader<'_>) -> Result<PinSource, FrameFault> {
    let octets = frame.octets(MAX_PIN_OCTETS)?;
    if octets.is_empty() {
        return Ok(PinSource::ProtectedAuthenticationPath);
    }
    Pin::from_octets(octets.to_vec())
        .map(PinSource::Pin)
        .map_err(|_| FrameFault::Malformed)
}

fn take_digest(frame: &mut FrameReader<'_>) -> Result<Digest, FrameFault> {
    let algorithm = take_digest_algorithm(frame)?;
    let octets = frame.octets(DIGEST_OCTETS)?.to_vec();
    Digest::new(algorithm, octets).map_err(|_| FrameFault::Malformed)
}

/// The digests that signatures are made with.
const DIGESTS: [DigestAlgorithm; 3] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];

/// One that the protocol has no place for gets a code that the other side refuses.
fn digest_code(algorithm: DigestAlgorithm) -> u8 {
    code_of(&DIGESTS, &algorithm)
}

fn take_digest_algorithm(frame: &mut FrameReader<'_>) -> Result<DigestAlgorithm, FrameFault> {
    let algorithm = DIGESTS.get(usize::from(frame.byte()?));
    algorithm.copied().ok_or(FrameFault::Malformed)
}

fn put_scheme(frame: &mut FrameWriter, scheme: SignatureScheme) {
    match scheme {
        SignatureScheme::RsaPkcs1v15(digest) => frame.byte(0).byte(digest_code(digest)),
        SignatureScheme::RsaPss(parameters) => frame
            .byte(1)
            .byte(digest_code(parameters.digest))
            .byte(digest_code(parameters.mask_digest))
            .count(parameters.salt_octets),
        SignatureScheme::Ecdsa(digest) => frame.byte(2).byte(digest_code(digest)),
        SignatureScheme::Ed25519 => frame.byte(3),
        SignatureScheme::Ed448 => frame.byte(4),
        SignatureScheme::Dsa(_)
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | _ => frame.byte(u8::MAX),
    };
}

fn take_scheme(frame: &mut FrameReader<'_>) -> Result<SignatureScheme, FrameFault> {
    Ok(match frame.byte()? {
        0 => SignatureScheme::RsaPkcs1v15(take_digest_algorithm(frame)?),
        1 => SignatureScheme::RsaPss(PssParameters::new(
            take_digest_algorithm(frame)?,
            take_digest_algorithm(frame)?,
            frame.count(VALUE_OCTETS)?,
        )),
        2 => SignatureScheme::Ecdsa(take_digest_algorithm(frame)?),
        3 => SignatureScheme::Ed25519,
        4 => SignatureScheme::Ed448,
        _ => return Err(FrameFault::Malformed),
    })
}

fn put_schemes(frame: &mut FrameWriter, schemes: &[SignatureScheme]) {
    frame.count(schemes.len());
    for scheme in schemes {
        put_scheme(frame, *scheme);
    }
}

fn take_schemes(frame: &mut FrameReader<'_>) -> Result<Vec<SignatureScheme>, FrameFault> {
    let count = frame.count(SCHEMES)?;
    (0..count).map(|_| take_scheme(frame)).collect()
}

const KEY_LINKS: [KeyLink; 7] = [
    KeyLink::ById,
    KeyLink::ByPublicKey,
    KeyLink::SoleKey,
    KeyLink::Conflicting,
    KeyLink::Expected,
    KeyLink::Hidden,
    KeyLink::Missing,
];

const PIN_STATES: [PinState; 5] = [
    PinState::Initialised,
    PinState::CountLow,
    PinState::FinalTry,
    PinState::Locked,
    PinState::NotInitialised,
];

fn code_of<T: PartialEq>(known: &[T], value: &T) -> u8 {
    let place = known.iter().position(|known| known == value);
    place
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX)
}

fn key_link_code(link: KeyLink) -> u8 {
    code_of(&KEY_LINKS, &link)
}

pub(super) fn pin_state_code(state: PinState) -> u8 {
    code_of(&PIN_STATES, &state)
}

fn take_key_link(frame: &mut FrameReader<'_>) -> Result<KeyLink, FrameFault> {
    let link = KEY_LINKS.get(usize::from(frame.byte()?));
    link.copied().ok_or(FrameFault::Malformed)
}

pub(super) fn take_pin_state(frame: &mut FrameReader<'_>) -> Result<PinState, FrameFault> {
    let state = PIN_STATES.get(usize::from(frame.byte()?));
    state.copied().ok_or(FrameFault::Malformed)
}
