//! Hostile octets: no panic, no unbounded memory, an error with its place.

use std::sync::OnceLock;

use proptest::prelude::*;
use trien_cms::{CmsErrorKind, SignatureContents, SignedData, SubFilter, TimeStampToken, Verdict};
use trien_types::{Limit, Limits};

use crate::keys::Key;
use crate::maker::Maker;

fn sound() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(|| Maker::new(&Key::p256(), b"document").make())
}

fn try_all(octets: &[u8]) {
    let limits = Limits::default();
    for format in [
        SubFilter::AdbePkcs7Detached,
        SubFilter::AdbePkcs7Sha1,
        SubFilter::AdbeX509RsaSha1,
        SubFilter::EtsiCadesDetached,
        SubFilter::EtsiRfc3161,
    ] {
        let entry = [octets.to_vec()];
        if let Ok(contents) = SignatureContents::parse(octets, format, &entry, &limits) {
            let _ = contents.verify(&b"document".as_slice(), &[]);
            let _ = contents.claimed_signer(&[]);
            let _ = contents.digest_algorithms();
        }
    }
    let _ = TimeStampToken::parse(octets, &limits);
}

proptest! {
    #[test]
    fn changed_octets_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut octets = sound().to_vec();
        for (index, octet) in changes {
            let position = index.index(octets.len());
            octets[position] = octet;
        }
        if cut {
            octets.truncate(keep.index(octets.len()));
        }
        try_all(&octets);
    }

    #[test]
    fn random_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        try_all(&octets);
    }
}

#[test]
fn every_truncation_is_an_error() {
    let octets = sound();
    for length in 0..octets.len() {
        assert!(SignedData::parse(&octets[..length], &Limits::default()).is_err());
    }
}

/// ATTACKS 14.9: one octet of each region, here simply every one.
#[test]
fn every_flipped_octet_breaks_the_signature_or_parsing() {
    let octets = sound();
    let mut survived = Vec::new();
    for position in 0..octets.len() {
        let mut changed = octets.to_vec();
        changed[position] ^= 1;
        let format = SubFilter::EtsiCadesDetached;
        let parsed = SignatureContents::parse(&changed, format, &[], &Limits::default());
        if let Ok(contents) = parsed
            && let Verdict::Intact(intact) = contents.verify(&b"document".as_slice(), &[])
            && intact.deviations().is_empty()
        {
            survived.push(position);
        }
    }
    // Only the two version numbers decide nothing (RFC 5652, 5.1 and 5.3).
    assert_eq!(survived.len(), 2, "{survived:?}");
    for position in survived {
        assert_eq!(octets[position - 2..=position], [2, 1, 1]);
    }
}

#[test]
fn a_claimed_length_is_not_allocated() {
    // A SEQUENCE that claims almost 2^63 octets.
    let claim = [
        0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 6, 1, 1,
    ];
    let error = SignedData::parse(&claim, &Limits::default()).unwrap_err();
    assert_eq!(error.offset, 0);
    assert!(matches!(error.kind, CmsErrorKind::Asn1(_)));
}

#[test]
fn nesting_is_bounded() {
    for opening in [[0x30, 0x80].repeat(100_000), [0x24, 0x80].repeat(100_000)] {
        assert!(SignedData::parse(&opening, &Limits::default()).is_err());
    }
    // Closed all the way, so that only the limit can stop it.
    let mut closed = [0x30, 0x80].repeat(10_000);
    closed.extend([0; 20_000]);
    let error = SignedData::parse(&closed, &Limits::default()).unwrap_err();
    assert!(error.to_string().starts_with("malformed"), "{error}");
}

#[test]
fn limits_of_count_and_size_are_kept() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, b"document");
    maker.signers = 17;
    let kind = |octets: &[u8], limits| SignedData::parse(octets, limits).unwrap_err().kind;
    let limits = Limits::default();
    assert_eq!(
        kind(&maker.make(), &limits),
        CmsErrorKind::LimitReached(Limit::SignerInfos)
    );
    maker.signers = 1;
    maker.certificates = vec![vec![0x30, 0]; 257];
    assert_eq!(
        kind(&maker.make(), &limits),
        CmsErrorKind::LimitReached(Limit::Certificates)
    );
    let mut small = Limits::default();
    small.cms_octets = 100;
    assert_eq!(
        kind(sound(), &small),
        CmsErrorKind::LimitReached(Limit::CmsOctets)
    );
}

#[test]
fn b7_a_place_never_filled_is_not_signed() {
    for octets in [[].as_slice(), &[0], &[0; 5000]] {
        let error = SignedData::parse(octets, &Limits::default()).unwrap_err();
        assert_eq!(error.kind, CmsErrorKind::NotSigned);
    }
}
