//! The corpus beside this repository, where it is present: wild CMS by the hundreds.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use trien_cms::{
    BrokenBecause, Deviation, SignatureContents, SignedData, SignedSpans, TimeStampToken, Verdict,
};
use trien_types::{Digest, DigestAlgorithm, Limits, SignatureScheme};
use trien_x509::{Certificate, DigestUnavailable, VerifyError};

use crate::corpus_file::{Found, signatures};

/// No corpus file is larger.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

fn read(path: &Path) -> Vec<u8> {
    let mut octets = Vec::new();
    File::open(path)
        .unwrap()
        .take(FILE_LIMIT)
        .read_to_end(&mut octets)
        .unwrap();
    octets
}

struct Row {
    file: String,
    category: String,
    expect: String,
}

fn corpus() -> Option<(PathBuf, Vec<Row>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let table = folder.join("expected.tsv");
    if !table.is_file() {
        eprintln!("SKIPPED corpus: no ../shared/corpus beside the repository");
        return None;
    }
    let text = String::from_utf8(read(&table)).unwrap();
    let rows = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            Row {
                file: cells[0].to_owned(),
                category: cells[2].to_owned(),
                expect: cells[3].to_owned(),
            }
        })
        .collect();
    Some((folder, rows))
}

/// `intact`, or why not; `None` where the format near the ByteRange is none of ours.
fn answer(file: &[u8], found: &Found) -> Option<String> {
    let spans = found.spans.clone().map(|span| &file[span]);
    let contents = match SignatureContents::parse(
        &found.contents,
        found.sub_filter?,
        &found.certificates,
        &Limits::default(),
    ) {
        Ok(contents) => contents,
        Err(error) => return Some(format!("unreadable: {error}")),
    };
    let digests = contents.digest_algorithms();
    let recorder = Recorder {
        spans,
        allowed: digests,
    };
    Some(match contents.verify(&recorder, &[]) {
        Verdict::Intact(_) => "intact".to_owned(),
        Verdict::Broken(reason) => format!("broken: {reason}"),
        Verdict::Unsupported(reason) => format!("unsupported: {reason}"),
        other => format!("{other:?}"),
    })
}

/// Fails the test when a digest is asked for that was not announced.
struct Recorder<'a> {
    spans: [&'a [u8]; 2],
    allowed: Vec<DigestAlgorithm>,
}

impl SignedSpans for Recorder<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        assert!(self.allowed.contains(&algorithm), "{algorithm} unannounced");
        SignedSpans::digest(&self.spans, algorithm)
    }

    fn octets(&self) -> std::borrow::Cow<'_, [u8]> {
        SignedSpans::octets(&self.spans)
    }
}

/// Files that are expected intact and are not, each for its reason.
const EXCEPTIONS: [(&str, &str); 2] = [
    (
        "attacks/itext-java/DocumentRevisionsValidatorIntegrationTest__eolNotIncludedIntoByteRange.pdf",
        "edited by hand upstream, which only asserts coverage; pdfsig finds the digest wrong too",
    ),
    (
        "attacks/itext-java/SignatureUtilTest__eolNotIncludedIntoByteRange2.pdf",
        "the same file cut shorter",
    ),
];

#[test]
fn wild_signatures_are_judged_as_expected() {
    let Some((folder, rows)) = corpus() else {
        return;
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in rows {
        let file = read(&folder.join(&row.file));
        let answers: Vec<String> = signatures(&file)
            .iter()
            .filter_map(|found| answer(&file, found))
            .collect();
        for answer in &answers {
            let word = answer.split(':').next().unwrap_or_default();
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        let all_intact = answers.iter().all(|answer| answer == "intact");
        let excepted = EXCEPTIONS.iter().any(|(file, _)| *file == row.file);
        let right = match row.expect.as_str() {
            "accept" | "intact" | "notime" => all_intact != excepted,
            // Rejected for what is in the CMS, not in the PDF around it.
            "reject" if TAMPERED.contains(&row.category.as_str()) => !all_intact,
            _ => true,
        };
        if !right {
            wrong.push(format!("{} {}: {answers:?}", row.expect, row.file));
        }
    }
    eprintln!("corpus: {counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(counts["intact"] > 900, "{counts:?}");
}

const TAMPERED: [&str; 2] = ["ALG-CONFUSION", "TAMPERED-CMS"];

/// ML-DSA-87 by pyHanko, with SHA-256 where RFC 9882, 3.3 wants 512 bits.
#[test]
fn the_ml_dsa_signature_is_intact_and_a_changed_octet_breaks_it() {
    let Some((folder, _)) = corpus() else {
        return;
    };
    let file = read(&folder.join("pyhanko/runtime/2cfd355f5517301e.pdf"));
    let found = signatures(&file).pop().unwrap();
    let judge = |contents: &[u8], file: &[u8]| {
        let sub_filter = found.sub_filter.unwrap();
        let parsed =
            SignatureContents::parse(contents, sub_filter, &[], &Limits::default()).unwrap();
        parsed.verify(&found.spans.clone().map(|span| &file[span]), &[])
    };
    let sound = judge(&found.contents, &file);
    let intact = sound.intact().unwrap();
    assert_eq!(intact.scheme(), SignatureScheme::MlDsa87);
    assert_eq!(intact.digest_algorithm(), DigestAlgorithm::Sha256);
    let weaker = Deviation::DigestWeakerThanScheme {
        content: DigestAlgorithm::Sha256,
        scheme: SignatureScheme::MlDsa87,
    };
    assert!(intact.deviations().contains(&weaker));

    let mut changed = file.clone();
    changed[100] ^= 1;
    assert!(matches!(
        judge(&found.contents, &changed),
        Verdict::Broken(BrokenBecause::MessageDigestDiffers)
    ));
    let signed_data = SignedData::parse(&found.contents, &Limits::default()).unwrap();
    let value = signed_data.only_signer().unwrap().signature();
    let at = found
        .contents
        .windows(value.len())
        .position(|window| window == value)
        .unwrap();
    for position in [at, at + value.len() / 2, at + value.len() - 1] {
        let mut contents = found.contents.clone();
        contents[position] ^= 1;
        assert!(matches!(
            judge(&contents, &file),
            Verdict::Broken(BrokenBecause::Value(VerifyError::ValueDoesNotHold))
        ));
    }
}

/// Signature time stamps in files, each over its own signature's value.
#[test]
fn wild_signature_time_stamps_verify_but_the_broken_one() {
    let Some((folder, rows)) = corpus() else {
        return;
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut refused = Vec::new();
    for row in rows {
        let file = read(&folder.join(&row.file));
        for found in signatures(&file) {
            let Ok(signed_data) = SignedData::parse(&found.contents, &Limits::default()) else {
                continue;
            };
            let Some(signer) = signed_data.only_signer() else {
                continue;
            };
            let certificates: Vec<Certificate> = signed_data
                .parsed_certificates()
                .iter()
                .flatten()
                .cloned()
                .collect();
            for token in signer.signature_time_stamps() {
                let answer = match TimeStampToken::parse(token, &Limits::default()) {
                    Err(error) => format!("unreadable: {error}"),
                    Ok(token) => {
                        let verification = token.verify(&signer.signature(), &certificates);
                        match verification.broken() {
                            Some(reason) => format!("broken: {reason}"),
                            None => {
                                format!("{:?} {:?}", verification.status(), verification.faults())
                            }
                        }
                    }
                };
                if !answer.starts_with("Intact") {
                    refused.push(format!("{} {}: {answer}", row.expect, row.file));
                }
                *counts.entry(answer).or_default() += 1;
            }
        }
    }
    eprintln!("time stamps: {counts:?}");
    let value_fails = |line: &&String| line.contains("broken:") || line.contains("unreadable:");
    assert_eq!(refused.iter().find(value_fails), None);
    let imprints: Vec<&String> = refused
        .iter()
        .filter(|line| line.contains("ImprintDiffers"))
        .collect();
    assert_eq!(imprints.len(), 1, "{imprints:?}");
    assert!(imprints[0].contains("docWithBrokenTimestamp"));
    assert!(counts["Intact []"] > 250, "{counts:?}");
}

/// Every certificate that signatures bring, but those that are none.
#[test]
fn wild_certificates_are_read() {
    let Some((folder, rows)) = corpus() else {
        return;
    };
    let (mut read_ones, mut unread) = (0, Vec::new());
    for row in rows {
        let file = read(&folder.join(&row.file));
        for found in signatures(&file) {
            let Ok(signed_data) = SignedData::parse(&found.contents, &Limits::default()) else {
                continue;
            };
            for parsed in signed_data.parsed_certificates() {
                match parsed {
                    Ok(certificate) => {
                        read_ones += 1;
                        assert!(!certificate.issuer().to_string().is_empty());
                        if let Err(error) = certificate.public_key() {
                            unread.push(format!("{}: {error}", row.file));
                        }
                        for oid in certificate.unreadable_extensions() {
                            unread.push(format!("{}: extension {oid}", row.file));
                        }
                    }
                    Err(error) => unread.push(format!("{}: {error:?}", row.file)),
                }
            }
        }
    }
    eprintln!("certificates: {read_ones} read");
    assert!(read_ones > 2000, "{read_ones}");
    assert!(unread.is_empty(), "{unread:#?}");
}
