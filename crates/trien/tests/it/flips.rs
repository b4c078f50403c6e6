//! One octet flipped, everywhere by construction: whatever is flipped, the verdict is another one,
//! but for a list of places in the CMS structure, each with its reason.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::ops::Range;

use trien::token::SoftKey;
use trien::{IntegrityFact, Limits, Report, SignatureRequest};
use trien_policy::ChangesFact;
use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::{CertificatePlan, Identity, KeyKind, Role};
use trien_testkit::structures::{Structure, write};
use trien_types::{decode_hex, encode_hex};
use trien_x509::asn1::{Element, Reader};

use crate::school::{SIGNED_AT, assert_sound, empty_page, pki, plain_record, sign, verify};

/// A file with one signature, and where its parts are.
struct SignedFile {
    file: Vec<u8>,
    /// Length of the file before it was signed.
    original_octets: usize,
    /// The digits of /Contents, without angle brackets.
    digits: Range<usize>,
    /// The CMS structure without its padding.
    cms: Vec<u8>,
    sound: String,
}

impl SignedFile {
    fn make(file: &[u8], kind: KeyKind) -> Self {
        let request = SignatureRequest::new("HieuTruong", SIGNED_AT).with_reason("Ký duyệt");
        Self::make_as(file, kind, request)
    }

    fn make_as(file: &[u8], kind: KeyKind, request: SignatureRequest) -> Self {
        let plan = CertificatePlan::of(Role::Principal).with_key(kind);
        let identity = pki().issue("Principal-variant", &plan).unwrap();
        let signed = sign(file, &mut key_without_root(&identity), request).unwrap();
        assert_sound(&signed, &["HieuTruong"], "before any flip");
        let start = file.len() + position(&signed[file.len()..], b"/Contents <") + 11;
        let digits = start..start + position(&signed[start..], b">");
        let octets = decode_hex(std::str::from_utf8(&signed[digits.clone()]).unwrap()).unwrap();
        let mut reader = Reader::new(&octets, &Limits::default());
        let cms = reader.element().unwrap().raw().to_vec();
        Self {
            original_octets: file.len(),
            digits,
            cms,
            sound: verdict(&verify(&signed)),
            file: signed,
        }
    }

    /// The file with one bit of an octet of /Contents inverted, in the hexadecimal digits.
    fn with_contents_flipped(&self, offset: usize) -> Vec<u8> {
        let at = self.digits.start + 2 * offset;
        let octet = decode_hex(std::str::from_utf8(&self.file[at..at + 2]).unwrap()).unwrap();
        let mut file = self.file.clone();
        file[at..at + 2].copy_from_slice(encode_hex(&[octet[0] ^ 1]).as_bytes());
        file
    }

    /// A flip of a signed octet breaks the signature, or hides it: it is never intact again.
    fn assert_broken_by_flip_at(&self, offset: usize) {
        let damaged = flip_octet(&self.file, offset).unwrap();
        let report = verify(&damaged);
        assert_ne!(verdict(&report), self.sound, "octet {offset}");
        let intact = report
            .signatures
            .iter()
            .any(|signature| signature.facts.integrity == IntegrityFact::Intact);
        assert!(!intact, "octet {offset}: {}", verdict(&report));
    }
}

/// Certificate and issuing authority: what a verifier who has the roots needs. Without the root a
/// structure has no octets that nothing refers to.
fn key_without_root(identity: &Identity) -> SoftKey {
    let path = identity.path_der().unwrap();
    SoftKey::new(identity.key().to_owned(), &path[..2]).unwrap()
}

fn position(octets: &[u8], wanted: &[u8]) -> usize {
    octets
        .windows(wanted.len())
        .position(|window| window == wanted)
        .unwrap()
}

/// What is said of a file in words that do not depend on where it was damaged.
fn verdict(report: &Report) -> String {
    let mut words = format!("{:?}", report.conclusion);
    for signature in &report.signatures {
        let facts = &signature.facts;
        let integrity = match facts.integrity {
            IntegrityFact::Intact => "intact",
            IntegrityFact::Broken { .. } => "broken",
            IntegrityFact::Unsupported { .. } => "unsupported",
            _ => "unknown",
        };
        words.push_str(&format!(
            "; {integrity} {:?} {:?} {:?}",
            facts.coverage,
            ChangesFact::of(&facts.changes),
            signature.conclusion
        ));
    }
    words
}

#[test]
fn every_signed_octet_of_a_small_file_counts() {
    for (structure, step) in [(Structure::ClassicTable, 1), (Structure::ObjectStreams, 5)] {
        let signed = SignedFile::make(&write(&empty_page(), structure), KeyKind::P256);
        // With the angle brackets, which are in the gap and no digits.
        let places = (0..signed.digits.start).chain(signed.digits.end..signed.file.len());
        for offset in places.step_by(step) {
            signed.assert_broken_by_flip_at(offset);
        }
    }
}

#[test]
fn octets_all_over_a_record_count() {
    let Some(record) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let signed = SignedFile::make(&record, KeyKind::Rsa2048);
    let file = signed.file.as_slice();
    let behind = |word: &[u8]| position(file, word) + word.len();
    let update = signed.original_octets;
    let mut places = vec![
        0,
        // The second line of the header, which tells programs that the file is binary.
        behind(b"%PDF-1.7\n%"),
        behind(b"stream\n"),
        behind(b"xref\n"),
        behind(b"trailer\n"),
        update - 1,
        update,
        update + position(&file[update..], b"/ByteRange [0 ") + 14,
        update + position(&file[update..], b"/M (D:") + 6,
        update + position(&file[update..], b"trailer\n") + 8,
        file.len() - 1,
    ];
    places.extend((0..file.len()).step_by(97));
    // What stands between the angle brackets is no signed octet: the tests below ask about it.
    for offset in places.into_iter().filter(|at| !signed.digits.contains(at)) {
        signed.assert_broken_by_flip_at(offset);
    }
}

/// A part of the CMS structure in which flips leave the verdict as it is, and why they may.
struct Harmless {
    part: &'static str,
    /// What the report says it tolerated, where that is the same for every key.
    deviation: &'static str,
    reason: &'static str,
}

const HARMLESS: [Harmless; 5] = [
    Harmless {
        part: "SignedData.version",
        deviation: "",
        reason: "RFC 5652, 5.1: follows from the rest, and nothing is read by it",
    },
    Harmless {
        part: "SignedData.digestAlgorithms",
        deviation: "không có trong danh sách ở đầu chữ ký",
        reason: "RFC 5652, 5.1: a hint for one-pass readers; the signer's own statement counts",
    },
    Harmless {
        part: "SignerInfo.version",
        deviation: "",
        reason: "RFC 5652, 5.3: follows from the rest, and nothing is read by it",
    },
    Harmless {
        part: "SignerInfo.sid.issuer",
        deviation: "viết bằng kiểu chữ khác",
        reason: "RFC 5280, 7.1: names compare without case and string type; the certificate is \
                 bound by its hash in a signed attribute",
    },
    Harmless {
        part: "SignerInfo.signatureAlgorithm",
        deviation: "",
        reason: "nothing signs it: its parameters beside RSA mean nothing, and where it names \
                 another digest than the signer stated, the value holds under the one stated",
    },
];

/// The parts of a CMS structure of the kind we build, by the names of RFC 5652.
fn parts(cms: &[u8]) -> Vec<(String, Range<usize>)> {
    fn children<'a>(element: &Element<'a>) -> Vec<Element<'a>> {
        let mut reader = element.elements().unwrap();
        let mut all = Vec::new();
        while !reader.is_empty() {
            all.push(reader.element().unwrap());
        }
        all
    }
    let outer = Reader::new(cms, &Limits::default()).element().unwrap();
    let content_info = children(&outer);
    let signed_data = children(&children(&content_info[1])[0]);
    let [version, digests, content, certificates, signers] = signed_data.as_slice() else {
        panic!("{} parts", signed_data.len());
    };
    let signer = children(&children(signers)[0]);
    let named_by = children(&signer[1]);
    let mut parts = vec![
        ("SignedData.version".to_owned(), version),
        ("SignedData.digestAlgorithms".to_owned(), digests),
        ("SignedData.encapContentInfo".to_owned(), content),
        ("SignerInfo.version".to_owned(), &signer[0]),
        ("SignerInfo.sid.issuer".to_owned(), &named_by[0]),
        ("SignerInfo.sid.serialNumber".to_owned(), &named_by[1]),
        ("SignerInfo.digestAlgorithm".to_owned(), &signer[2]),
        ("SignerInfo.signedAttrs".to_owned(), &signer[3]),
        ("SignerInfo.signatureAlgorithm".to_owned(), &signer[4]),
        ("SignerInfo.signature".to_owned(), &signer[5]),
    ];
    let certificates = children(certificates);
    for (index, certificate) in certificates.iter().enumerate() {
        parts.push((format!("certificate {index}"), certificate));
    }
    parts
        .into_iter()
        .map(|(name, element)| {
            let start = element.offset();
            (name, start..start + element.raw().len())
        })
        .collect()
}

/// Flips every octet of the structure, of its certificates every `step`th.
fn assert_cms_octets_count(kind: KeyKind, step: usize) {
    let signed = SignedFile::make(&write(&empty_page(), Structure::ClassicTable), kind);
    let parts = parts(&signed.cms);
    let part_of = |offset: usize| {
        let found = parts.iter().find(|(_, range)| range.contains(&offset));
        found.map_or("around the parts", |(name, _)| name.as_str())
    };
    let mut met = BTreeSet::new();
    for offset in 0..signed.cms.len() {
        let part = part_of(offset);
        if part.starts_with("certificate ") && offset % step != 0 {
            continue;
        }
        let report = verify(&signed.with_contents_flipped(offset));
        if verdict(&report) != signed.sound {
            continue;
        }
        let harmless = HARMLESS.iter().find(|harmless| harmless.part == part);
        let Some(harmless) = harmless else {
            panic!("{kind:?}: a flip of octet {offset} in {part} goes unnoticed");
        };
        let deviations = report.signatures[0].facts.deviations.concat();
        assert!(
            deviations.contains(harmless.deviation),
            "{kind:?}: octet {offset} in {part}: {deviations}"
        );
        met.insert(harmless.part);
    }
    // An entry that no flip needs any longer is to be deleted.
    for Harmless { part, reason, .. } in &HARMLESS {
        assert!(met.contains(part), "{kind:?}: {part} counts now: {reason}");
    }
}

#[test]
fn every_octet_of_an_ecdsa_structure_counts_but_for_a_short_list() {
    assert_cms_octets_count(KeyKind::P256, 1);
}

#[test]
fn every_octet_of_an_rsa_structure_counts_but_for_a_short_list() {
    assert_cms_octets_count(KeyKind::Rsa2048, 7);
}

#[test]
fn octets_of_the_padding_are_reported_wherever_they_are() {
    let mut request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    request.contents_octets = NonZeroUsize::new(8192);
    let file = write(&empty_page(), Structure::ClassicTable);
    let signed = SignedFile::make_as(&file, KeyKind::P256, request);
    let octets = signed.digits.len() / 2;
    assert_eq!(octets, 8192);
    for offset in [signed.cms.len(), signed.cms.len() + 7, octets - 1] {
        // Signers leave the rest of a buffer there, so it is told and decides nothing.
        let report = verify(&signed.with_contents_flipped(offset));
        let deviations = report.signatures[0].facts.deviations.concat();
        assert!(
            deviations.contains("sau chữ ký còn dữ liệu thừa"),
            "{deviations}"
        );
    }
    // What is itself a structure may be a second signature: ATTACKS.md, B11.
    let mut file = signed.file.clone();
    let at = signed.digits.start + 2 * signed.cms.len();
    file[at..at + 8].copy_from_slice(b"30020500");
    assert_ne!(verdict(&verify(&file)), signed.sound);
}

#[test]
fn the_case_of_hexadecimal_digits_means_nothing() {
    let signed = SignedFile::make(
        &write(&empty_page(), Structure::ClassicTable),
        KeyKind::P256,
    );
    let mut file = signed.file.clone();
    let digits = &mut file[signed.digits.clone()];
    let lower = digits.to_ascii_lowercase();
    let upper = digits.to_ascii_uppercase();
    assert_ne!(lower, upper);
    for case in [lower, upper] {
        file[signed.digits.clone()].copy_from_slice(&case);
        assert_eq!(verdict(&verify(&file)), signed.sound);
    }
}
