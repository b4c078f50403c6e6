//! The parts that messages are made of, as octets and back.
//! Knows no message.

use trien_token::{
    KeyLink, LoginRequirement, MAX_PIN_OCTETS, Pin, PinSource, PinState,
    ProtectedAuthenticationPath,
};
use trien_types::{CertificateId, Digest, DigestAlgorithm, PssParameters, SignatureScheme};

use super::{
    CERTIFICATE_OCTETS, CERTIFICATES, DIGEST_OCTETS, LABEL_OCTETS, ListedCertificate, ListedToken,
    SCHEMES, TokenName, VALUE_OCTETS,
};
use crate::token_worker::fault::WorkerFault;
use crate::token_worker::frame::{FrameFault, FrameReader, FrameWriter, REPLY_OCTETS};

pub(super) fn put_name(frame: &mut FrameWriter, name: &TokenName) {
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

pub(super) fn take_name(frame: &mut FrameReader<'_>) -> Result<TokenName, FrameFault> {
    Ok(TokenName {
        label: frame.text(LABEL_OCTETS)?,
        manufacturer: frame.text(LABEL_OCTETS)?,
        model: frame.text(LABEL_OCTETS)?,
        serial_number: frame.text(LABEL_OCTETS)?,
    })
}

pub(super) fn put_token(frame: &mut FrameWriter, token: &ListedToken) {
    put_name(frame, &token.name);
    frame
        .byte(pin_state_code(token.pin_state))
        .byte(u8::from(token.login == LoginRequirement::Required))
        .byte(u8::from(
            token.protected_authentication_path == ProtectedAuthenticationPath::Present,
        ))
        .number(token.pin_octets.0)
        .number(token.pin_octets.1);
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

pub(super) fn take_token(frame: &mut FrameReader<'_>) -> Result<ListedToken, FrameFault> {
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
        pin_octets: (frame.number()?, frame.number()?),
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
pub(in crate::token_worker) fn is_within_limits(certificates: &[ListedCertificate]) -> bool {
    let octets = certificates.iter().map(|certificate| certificate.der.len());
    certificates.len() <= CERTIFICATES
        && octets.clone().all(|octets| octets <= CERTIFICATE_OCTETS)
        && octets.fold(0_usize, usize::saturating_add) <= REPLY_OCTETS / 8
}

pub(super) fn take_certificate_id(
    frame: &mut FrameReader<'_>,
) -> Result<CertificateId, FrameFault> {
    let octets = frame.octets(32)?.try_into();
    octets
        .map(CertificateId::from_sha256)
        .map_err(|_| FrameFault::Malformed)
}

pub(super) fn take_pin(frame: &mut FrameReader<'_>) -> Result<PinSource, FrameFault> {
    let octets = frame.octets(MAX_PIN_OCTETS)?;
    if octets.is_empty() {
        return Ok(PinSource::ProtectedAuthenticationPath);
    }
    Pin::from_octets(octets.to_vec())
        .map(PinSource::Pin)
        .map_err(|_| FrameFault::Malformed)
}

pub(super) fn take_digest(frame: &mut FrameReader<'_>) -> Result<Digest, FrameFault> {
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
pub(super) fn digest_code(algorithm: DigestAlgorithm) -> u8 {
    code_of(&DIGESTS, &algorithm)
}

fn take_digest_algorithm(frame: &mut FrameReader<'_>) -> Result<DigestAlgorithm, FrameFault> {
    let algorithm = DIGESTS.get(usize::from(frame.byte()?));
    algorithm.copied().ok_or(FrameFault::Malformed)
}

pub(super) fn put_scheme(frame: &mut FrameWriter, scheme: SignatureScheme) {
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

pub(super) fn take_scheme(frame: &mut FrameReader<'_>) -> Result<SignatureScheme, FrameFault> {
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

pub(super) fn put_schemes(frame: &mut FrameWriter, schemes: &[SignatureScheme]) {
    frame.count(schemes.len());
    for scheme in schemes {
        put_scheme(frame, *scheme);
    }
}

pub(super) fn take_schemes(
    frame: &mut FrameReader<'_>,
) -> Result<Vec<SignatureScheme>, FrameFault> {
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

pub(super) fn key_link_code(link: KeyLink) -> u8 {
    code_of(&KEY_LINKS, &link)
}

pub(in crate::token_worker) fn pin_state_code(state: PinState) -> u8 {
    code_of(&PIN_STATES, &state)
}

pub(super) fn take_key_link(frame: &mut FrameReader<'_>) -> Result<KeyLink, FrameFault> {
    let link = KEY_LINKS.get(usize::from(frame.byte()?));
    link.copied().ok_or(FrameFault::Malformed)
}

pub(in crate::token_worker) fn take_pin_state(
    frame: &mut FrameReader<'_>,
) -> Result<PinState, FrameFault> {
    let state = PIN_STATES.get(usize::from(frame.byte()?));
    state.copied().ok_or(FrameFault::Malformed)
}
