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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fault::FaultKind;
    use super::super::frame::{REQUEST_OCTETS, read_frame};
    use super::*;

    fn sent(frame: FrameWriter) -> Vec<u8> {
        let mut pipe = Vec::new();
        frame.send(&mut pipe, REPLY_OCTETS).unwrap();
        let read = read_frame(&mut pipe.as_slice(), REPLY_OCTETS).unwrap();
        read.to_vec()
    }

    fn name() -> TokenName {
        TokenName {
            label: "Con dấu".into(),
            manufacturer: "M".into(),
            model: String::new(),
            serial_number: "0042".into(),
        }
    }

    fn schemes() -> Vec<SignatureScheme> {
        vec![
            SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256),
            SignatureScheme::RsaPss(PssParameters::new(
                DigestAlgorithm::Sha384,
                DigestAlgorithm::Sha512,
                20,
            )),
            SignatureScheme::Ecdsa(DigestAlgorithm::Sha512),
            SignatureScheme::Ed25519,
            SignatureScheme::Ed448,
        ]
    }

    fn requests() -> Vec<Request> {
        let open = |pin, final_try| Request::OpenKey {
            key: 7,
            token: name(),
            certificate: CertificateId::from_sha256([3; 32]),
            pin,
            final_try,
        };
        let pin = Pin::from_text("Mai-hoa-7302".into()).unwrap();
        vec![
            Request::Load,
            Request::ListTokens,
            Request::PollTokens,
            Request::CloseKey(u64::MAX),
            open(PinSource::Pin(pin), FinalTry::Refuse),
            open(
                PinSource::ProtectedAuthenticationPath,
                FinalTry::AcceptFinalTry,
            ),
            Request::SignMessage {
                key: 1,
                scheme: SignatureScheme::Ed25519,
                message: b"attributes".to_vec(),
            },
            Request::SignDigest {
                key: 1,
                scheme: SignatureScheme::Ecdsa(DigestAlgorithm::Sha256),
                digest: Digest::new(DigestAlgorithm::Sha256, vec![9; 32]).unwrap(),
            },
        ]
    }

    fn replies() -> Vec<Reply> {
        let listed = |certificates| ListedToken {
            name: name(),
            pin_state: PinState::FinalTry,
            login: LoginRequirement::Required,
            protected_authentication_path: ProtectedAuthenticationPath::Present,
            certificates,
        };
        let fault = WorkerFault {
            pin_state: PinState::CountLow,
            function: "C_Login".into(),
            return_value: "CKR_VENDOR_DEFINED (0x80000001)".into(),
            ..WorkerFault::of_kind(FaultKind::PinIncorrect)
        };
        let certificate = ListedCertificate {
            der: vec![0x30, 0],
            label: "Chứng thư".into(),
            key_link: KeyLink::Missing,
            schemes: schemes(),
            digest_schemes: Vec::new(),
        };
        vec![
            Reply::Done,
            Reply::Failed(fault.clone()),
            Reply::Value(vec![1; 256]),
            Reply::KeyOpen(OpenKey {
                key_link: KeyLink::SoleKey,
                pin_state_before_login: PinState::NotInitialised,
                schemes: schemes(),
                digest_schemes: schemes(),
            }),
            Reply::Tokens(vec![listed(Ok(vec![certificate])), listed(Err(fault))]),
        ]
    }

    #[test]
    fn every_request_and_reply_comes_back_as_it_was_sent() {
        for request in requests() {
            let read = Request::from_frame(&sent(request.to_frame())).unwrap();
            // A PIN is not shown in this form, which the next test makes up for.
            assert_eq!(format!("{read:?}"), format!("{request:?}"));
        }
        for reply in replies() {
            let read = Reply::from_frame(&sent(reply.to_frame())).unwrap();
            assert_eq!(format!("{read:?}"), format!("{reply:?}"));
        }
    }

    #[test]
    fn a_pin_arrives_and_a_missing_one_is_the_tokens_own_pad() {
        let pins = requests().into_iter().filter_map(|request| {
            match Request::from_frame(&sent(request.to_frame())).unwrap() {
                Request::OpenKey { pin, .. } => Some(pin),
                Request::CloseKey(_)
                | Request::ListTokens
                | Request::Load
                | Request::PollTokens
                | Request::SignDigest { .. }
                | Request::SignMessage { .. } => None,
            }
        });
        let pins: Vec<_> = pins.collect();
        let [PinSource::Pin(pin), PinSource::ProtectedAuthenticationPath] = pins.as_slice() else {
            panic!("{pins:?}")
        };
        assert_eq!(pin.expose_octets(), b"Mai-hoa-7302");
    }

    #[test]
    fn every_cut_and_every_addition_is_refused() {
        for request in requests() {
            let mut octets = sent(request.to_frame());
            octets.push(0);
            assert!(Request::from_frame(&octets).is_err(), "{request:?}");
            for length in 0..octets.len() - 1 {
                assert!(Request::from_frame(&octets[..length]).is_err());
            }
        }
        for reply in replies() {
            let mut octets = sent(reply.to_frame());
            octets.push(0);
            assert!(Reply::from_frame(&octets).is_err(), "{reply:?}");
            for length in 0..octets.len() - 1 {
                assert!(Reply::from_frame(&octets[..length]).is_err());
            }
        }
    }

    #[test]
    fn a_name_that_is_none_of_pkcs_11_is_refused() {
        let fault = WorkerFault {
            function: "C_Sign\u{1b}[2J".into(),
            ..WorkerFault::of_kind(FaultKind::Call)
        };
        assert!(Reply::from_frame(&sent(Reply::Failed(fault).to_frame())).is_err());
    }

    /// A frame that moves while it is written leaves a copy of the PIN behind.
    #[test]
    fn no_request_outgrows_the_room_it_was_given() {
        let long = TokenName {
            label: "n".repeat(LABEL_OCTETS + 1),
            manufacturer: "n".repeat(LABEL_OCTETS + 1),
            model: "n".repeat(LABEL_OCTETS + 1),
            serial_number: "n".repeat(LABEL_OCTETS + 1),
        };
        let longest = Request::OpenKey {
            key: u64::MAX,
            token: long,
            certificate: CertificateId::from_sha256([3; 32]),
            pin: PinSource::Pin(Pin::from_octets(vec![b'7'; MAX_PIN_OCTETS]).unwrap()),
            final_try: FinalTry::Refuse,
        };
        for request in requests().into_iter().chain([longest]) {
            let frame = request.to_frame();
            assert!(frame.has_kept_its_place(), "{request:?}");
        }
    }

    #[test]
    fn the_longest_message_is_within_a_request() {
        let request = Request::SignMessage {
            key: u64::MAX,
            scheme: schemes()[1],
            message: vec![0; MESSAGE_OCTETS],
        };
        let mut pipe = Vec::new();
        request.to_frame().send(&mut pipe, REQUEST_OCTETS).unwrap();
    }

    proptest! {
        /// What one side made of octets is what it would have sent.
        #[test]
        fn octets_of_an_enemy_are_read_or_refused(
            which in 0_usize..8,
            changes in prop::collection::vec((0_u16..400, any::<u8>()), 0..6),
        ) {
            let change = |mut octets: Vec<u8>| {
                for (place, value) in &changes {
                    if let Some(octet) = octets.get_mut(usize::from(*place)) {
                        *octet = *value;
                    }
                }
                octets
            };
            let octets = change(sent(requests()[which].to_frame()));
            if let Ok(request) = Request::from_frame(&octets) {
                prop_assert!(Request::from_frame(&sent(request.to_frame())).is_ok());
            }
            let octets = change(sent(replies()[which % 5].to_frame()));
            if let Ok(reply) = Reply::from_frame(&octets) {
                let again = Reply::from_frame(&sent(reply.to_frame())).unwrap();
                prop_assert_eq!(format!("{again:?}"), format!("{reply:?}"));
            }
        }

        #[test]
        fn any_octets_are_read_or_refused(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Request::from_frame(&octets);
            let _ = Reply::from_frame(&octets);
        }
    }
}
