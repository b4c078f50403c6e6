//! Every kind of key under every scheme that it offers.

use trien::{DigestAlgorithm, ErrorKind, SignatureRequest, SignatureScheme, SigningKey as _};
use trien_testkit::pki::{CertificatePlan, KeyKind, Role};
use trien_testkit::structures::Structure;

use crate::judges::{Case, Exception, Judge};
use crate::school::{
    SIGNED_AT, assert_accepted, assert_sound, key, key_of, pki, plain_record, sign,
};

/// What a judge cannot verify, by the name of the scheme.
const UNABLE: [(Judge, &str, &str); 7] = [
    (
        Judge::Dss,
        "Ed25519",
        "the table of algorithms in DSS's default policy has no EdDSA",
    ),
    (
        Judge::Dss,
        "Ed448",
        "DSS knows Ed448 with another name of SHAKE256 only and calls the signature broken; \
         Bouncy Castle below it verifies it",
    ),
    (
        Judge::MuPdf,
        "Ed25519",
        "mupdf verifies through PKCS7_verify, which knows no EdDSA",
    ),
    (
        Judge::MuPdf,
        "Ed448",
        "mupdf verifies through PKCS7_verify, which knows no EdDSA",
    ),
    (
        Judge::MuPdf,
        "RSASSA-PSS",
        "mupdf verifies through PKCS7_verify, which knows no PSS",
    ),
    (
        Judge::Poppler,
        "Ed25519",
        "poppler verifies through NSS, whose CMS knows no EdDSA",
    ),
    (
        Judge::Poppler,
        "Ed448",
        "poppler verifies through NSS, whose CMS knows no EdDSA",
    ),
];

#[test]
fn every_key_signs_under_every_scheme_it_offers_and_the_judges_agree() {
    let Some(record) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let (mut cases, mut exceptions) = (Vec::new(), Vec::new());
    for kind in KeyKind::ALL {
        let plan = CertificatePlan::of(Role::Principal).with_key(kind);
        let identity = pki().issue("Principal-variant", &plan).unwrap();
        let mut key = key_of(&identity);
        for scheme in key.schemes().to_vec() {
            let name = format!("{}, {scheme}", kind.name());
            let request = SignatureRequest::new("HieuTruong", SIGNED_AT).under(scheme);
            let signed = sign(&record, &mut key, request).unwrap();
            assert_sound(&signed, &["HieuTruong"], &name);
            for (judge, of_scheme, reason) in UNABLE {
                if scheme.to_string().starts_with(of_scheme) {
                    exceptions.push(Exception::new(&name, judge, reason));
                }
            }
            cases.push(Case::new(name, signed, &["HieuTruong"]));
        }
    }
    // What the tests would silently lose when a key stopped offering it.
    let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    for wanted in [
        "ed25519, Ed25519",
        "p256, ECDSA with SHA-256",
        "p384, ECDSA with SHA-384",
        "p521, ECDSA with SHA-512",
        "rsa2048, RSASSA-PKCS1-v1_5 with SHA-256",
        "rsa2048, RSASSA-PSS with SHA-256",
        "rsa3072, RSASSA-PKCS1-v1_5 with SHA-384",
        "rsa3072, RSASSA-PSS with SHA-384",
        "rsa4096, RSASSA-PKCS1-v1_5 with SHA-512",
        "rsa4096, RSASSA-PSS with SHA-512",
    ] {
        assert!(names.contains(&wanted), "{wanted} in {names:?}");
    }
    assert_accepted(&cases, &exceptions);
}

#[test]
fn a_scheme_that_the_key_lacks_is_refused_before_the_key_is_asked() {
    let Some(record) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let scheme = SignatureScheme::Ecdsa(DigestAlgorithm::Sha256);
    let request = SignatureRequest::new("ConDau", SIGNED_AT).under(scheme);
    let error = sign(&record, &mut key(Role::SchoolSeal), request).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::KeyUnusable), "{error:?}");
}
