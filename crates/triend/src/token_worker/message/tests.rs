//! Every message there and back, cut, lengthened and changed by an enemy.

use proptest::prelude::*;

use super::super::fault::FaultKind;
use super::super::frame::{REPLY_OCTETS, REQUEST_OCTETS, read_frame};
use trien_token::Pin;
use trien_types::{DigestAlgorithm, PssParameters};

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
        pin_octets: (4, 16),
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
