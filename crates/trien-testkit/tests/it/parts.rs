//! What others' signed files carry is read: every list and every answer of the corpus.

use std::path::{Path, PathBuf};

use trien_testkit::parts::Parts;
use trien_types::Limits;
use trien_x509::{BasicOcspResponse, Certificate, Crl, OcspResponse};

/// Parts of files that lie beside the repository, read in place; `None`, said aloud, without.
fn corpus() -> Option<Parts> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !root.is_dir() {
        eprintln!("SKIPPED corpus: no ../shared/corpus beside the repository");
        return None;
    }
    let mut parts = Parts::default();
    let mut folders: Vec<PathBuf> = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                let mut file = Vec::new();
                let mut open = std::fs::File::open(&path).unwrap();
                std::io::Read::read_to_end(&mut open, &mut file).unwrap();
                parts.join(Parts::of_pdf(&file));
            }
        }
    }
    Some(parts)
}

#[test]
fn every_list_and_answer_of_the_corpus_is_read_and_most_hold_under_a_certificate_there() {
    let Some(parts) = corpus() else { return };
    let limits = Limits::default();
    let certificates: Vec<Certificate> = parts
        .certificates
        .iter()
        .filter_map(|der| Certificate::from_der(der.as_slice()).ok())
        .collect();
    let mut held = [0_usize; 2];
    let mut broken = [0_usize; 2];
    for der in &parts.crls {
        let list = match Crl::from_der(der.as_slice(), &limits) {
            Ok(list) => list,
            Err(error) => {
                assert!(is_tagged_wrongly(der), "{error:?}");
                continue;
            }
        };
        assert_eq!(list.as_der(), der.as_slice());
        for entry in list.entries() {
            entry.revocation_date().unwrap();
            entry.reason().unwrap();
        }
        let issuers: Vec<_> = certificates
            .iter()
            .filter(|certificate| certificate.subject().says_the_same(list.issuer()))
            .filter_map(|certificate| certificate.public_key().ok())
            .collect();
        if issuers.iter().any(|key| list.verify_signature(key).is_ok()) {
            held[0] += 1;
        } else if !issuers.is_empty() {
            assert!(of_test_data(&list.issuer().to_string()), "{list:?}");
            broken[0] += 1;
        }
    }
    for der in &parts.ocsp_responses {
        let basic = match OcspResponse::from_der(der.as_slice(), &limits) {
            Ok(response) => response.basic().cloned(),
            Err(_) => Some(BasicOcspResponse::from_der(der.as_slice(), &limits).unwrap()),
        };
        let Some(basic) = basic else { continue };
        assert!(!basic.responses().is_empty());
        let own = basic.certificates().map(<[u8]>::to_vec);
        let own: Vec<_> = own
            .filter_map(|der| Certificate::from_der(der).ok())
            .collect();
        let responders: Vec<_> = own
            .iter()
            .chain(&certificates)
            .filter(|certificate| basic.responder().names(certificate))
            .filter_map(|certificate| certificate.public_key().ok())
            .collect();
        if responders
            .iter()
            .any(|key| basic.verify_signature(key).is_ok())
        {
            held[1] += 1;
        } else if !responders.is_empty() {
            assert!(of_test_data(&basic.responder().to_string()), "{basic:?}");
            broken[1] += 1;
        }
    }
    println!(
        "corpus: {} lists ({} held, {} not), {} answers ({} held, {} not)",
        parts.crls.len(),
        held[0],
        broken[0],
        parts.ocsp_responses.len(),
        held[1],
        broken[1]
    );
    assert!(held[0] * 2 > parts.crls.len() && held[1] * 2 > parts.ocsp_responses.len());
}

/// One writer put another format of revocation data (RFC 5652, 10.2.1) into the set of lists
/// without the tag that tells it apart: its first element is an OBJECT IDENTIFIER.
fn is_tagged_wrongly(der: &[u8]) -> bool {
    der.starts_with(b"\x30\x82") && der.get(4) == Some(&0x06)
}

/// iText's tests sign under names whose keys they do not use; nothing else may fail to hold under
/// a key of the right name.
fn of_test_data(name: &str) -> bool {
    name.contains("O=iText")
}
