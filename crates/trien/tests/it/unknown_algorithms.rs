//! Renaming an algorithm, which no digest covers, must not turn a changed document into an
//! undecided one.

use trien::{DocumentConclusion, IntegrityFact};
use trien_policy::IntegrityFailure;
use trien_testkit::pki::Role;
use trien_testkit::structures::{Structure, write};

use crate::school::{empty_page, signed_by, verify};

/// DER of sha256WithRSAEncryption and SHA-256 as /Contents spells them. The signer stands behind
/// the certificates, so that its own algorithms are the last of their kind.
const SIGNATURE: &str = "06092a864886f70d01010b";
const DIGEST: &str = "0609608648016503040201";
/// ecdsa-with-SHA256, with parameters that fill the room of the longer name and its NULL.
const ECDSA: &str = "06082a8648ce3d040302020100";

fn signed() -> Vec<u8> {
    signed_by(
        &write(&empty_page(), Structure::ClassicTable),
        Role::Principal,
    )
}

/// The last `from` in the file becomes `to`.
fn renamed(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = file
        .windows(from.len())
        .rposition(|window| window.eq_ignore_ascii_case(from.as_bytes()))
        .unwrap_or_else(|| panic!("{from} is not in the file"));
    let mut renamed = file.to_vec();
    renamed[at..at + to.len()].copy_from_slice(to.as_bytes());
    renamed
}

/// The page grows by a point: an octet in the first span.
fn changed(file: &[u8]) -> Vec<u8> {
    let at = file
        .windows(7)
        .position(|window| window == b"595 842")
        .unwrap();
    let mut changed = file.to_vec();
    changed[at + 6] = b'3';
    changed
}

fn integrity(file: &[u8]) -> (IntegrityFact, DocumentConclusion) {
    let report = verify(file);
    (
        report.signatures[0].facts.integrity.clone(),
        report.conclusion,
    )
}

#[test]
fn a_changed_document_with_a_renamed_signature_algorithm_is_broken() {
    let file = signed();
    let unknown = format!("{}7f", &SIGNATURE[..SIGNATURE.len() - 2]);
    let (undecided, conclusion) = integrity(&renamed(&file, SIGNATURE, &unknown));
    assert!(
        matches!(undecided, IntegrityFact::Unsupported { .. }),
        "{undecided:?}"
    );
    assert_eq!(conclusion, DocumentConclusion::Indeterminate);
    let (fact, conclusion) = integrity(&renamed(&changed(&file), SIGNATURE, &unknown));
    assert!(
        matches!(
            fact,
            IntegrityFact::Broken {
                failure: IntegrityFailure::Digest,
                ..
            }
        ),
        "{fact:?}"
    );
    assert_eq!(conclusion, DocumentConclusion::Invalid);
}

#[test]
fn a_renamed_digest_algorithm_is_broken_changed_or_not() {
    let file = signed();
    let unknown = format!("{}7f", &DIGEST[..DIGEST.len() - 2]);
    for file in [&file, &changed(&file)] {
        let (fact, conclusion) = integrity(&renamed(file, DIGEST, &unknown));
        assert!(matches!(fact, IntegrityFact::Broken { .. }), "{fact:?}");
        assert_eq!(conclusion, DocumentConclusion::Invalid);
    }
}

#[test]
fn an_algorithm_for_another_kind_of_key_is_broken() {
    let file = signed();
    let (fact, conclusion) = integrity(&renamed(&file, &format!("{SIGNATURE}0500"), ECDSA));
    let IntegrityFact::Broken { detail, .. } = fact else {
        panic!("{fact:?}");
    };
    assert_eq!(
        detail,
        "thuật toán ECDSA với SHA-256 không dùng được với khóa của người ký"
    );
    assert_eq!(conclusion, DocumentConclusion::Invalid);
}
