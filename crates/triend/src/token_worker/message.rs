//! What the daemon asks of a token worker and what it answers, as octets and back.
//! Runs nothing.

use trien_token::{
    FinalTry, KeyLink, LoginRequirement, MAX_PIN_OCTETS, PinSource, PinState,
    ProtectedAuthenticationPath,
};
use trien_types::{CertificateId, Digest, SignatureScheme};

use super::fault::WorkerFault;
use super::frame::{FrameFault, FrameReader, FrameWriter, MESSAGE_OCTETS};
use part::{
    digest_code, key_link_code, put_name, put_scheme, put_schemes, put_token, take_certificate_id,
    take_digest, take_key_link, take_name, take_pin, take_scheme, take_schemes, take_token,
};

mod part;

pub(super) use part::{is_within_limits, pin_state_code, take_pin_state};

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
    pub(super) pin_octets: (u64, u64),
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

/// Octets around a message, digest, PIN or value: tag, numbers, lengths, a scheme. No more than
/// needed: all of it is wiped, with each signature.
const AROUND: usize = 128;

impl Request {
    /// The request as a frame. A PIN is copied into the frame, which is wiped.
    pub(super) fn to_frame(&self) -> FrameWriter {
        let room = AROUND.saturating_add(match self {
            Self::OpenKey { .. } => MAX_PIN_OCTETS.saturating_add(4 * LABEL_OCTETS),
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
        let room = AROUND.saturating_add(if let Self::Value(value) = self {
            value.len()
        } else {
            0
        });
        let mut frame = FrameWriter::with_room(room);
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

#[cfg(test)]
mod tests;
