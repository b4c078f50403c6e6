//! NIST's Public Key Interoperability Test Suite, every section, over one pool.
//!
//! All of its certificates are candidates and all of its CRLs evidence for every test, so that
//! the right ones must be found among 400 and 170. `testdata/pkits.json` says which certificate a
//! test asks about, under which demands, and what the suite's document expects.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use trien_trust::revocation::{RevocationEvidence, StatusAt, StatusSubject};
use trien_trust::{
    Budget, CertificationPath, InitialPolicies, PathPurpose, PolicyDemand, TrustAnchors,
    build_paths_with_policies,
};
use trien_types::{CertificateId, Limits, UnixTime};
use trien_x509::Certificate;
use trien_x509::asn1::ObjectIdentifier;
use trien_x509::const_oid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    test: String,
    target: String,
    expected: Expected,
    #[serde(default)]
    policies: Option<Vec<String>>,
    #[serde(default)]
    demands: Vec<Demand>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Demand {
    Explicit,
    InhibitAnyPolicy,
    InhibitMapping,
}

#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Valid,
    Invalid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    test: String,
    actual: Expected,
    reason: String,
}

struct Suite {
    certificates: Vec<Certificate>,
    by_name: BTreeMap<String, Certificate>,
    evidence: RevocationEvidence,
    anchors: TrustAnchors,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn json<T: for<'de> Deserialize<'de>>(path: &str) -> T {
    serde_json::from_slice(&fs::read(repository(path)).unwrap()).unwrap()
}

/// Files of a folder by name without ending, in order.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}

fn suite() -> Option<Suite> {
    let folder = repository("target/judges/pkits");
    if !folder.is_dir() {
        return None;
    }
    let by_name: BTreeMap<String, Certificate> = files(&folder.join("certs"))
        .into_iter()
        .map(|(name, der)| (name, Certificate::from_der(der).unwrap()))
        .collect();
    let mut evidence = RevocationEvidence::default();
    for (_, der) in files(&folder.join("crls")) {
        evidence.add_crl(&der, &Limits::default());
    }
    // Test 4.4.4: the count of unused bits of its signature is bent.
    assert_eq!(evidence.unreadable().len(), 1);
    Some(Suite {
        certificates: by_name.values().cloned().collect(),
        anchors: TrustAnchors::from_certificates([by_name["TrustAnchorRootCertificate"].clone()]),
        by_name,
        evidence,
    })
}

/// Within all validities of the suite that have not ended on purpose.
fn now() -> UnixTime {
    UnixTime::from_rfc3339("2015-06-01T00:00:00Z").unwrap()
}

impl Suite {
    /// A path that holds under the demands and on which every certificate is good now.
    fn accepts(&self, test: &Test) -> bool {
        let mut policies = InitialPolicies::default();
        if let Some(accepted) = &test.policies {
            policies = policies.accepting(accepted.iter().map(|text| {
                ObjectIdentifier::from(const_oid::ObjectIdentifier::new(text).unwrap())
            }));
        }
        for demand in &test.demands {
            policies = policies.demanding(match demand {
                Demand::Explicit => PolicyDemand::Explicit,
                Demand::InhibitAnyPolicy => PolicyDemand::InhibitAnyPolicy,
                Demand::InhibitMapping => PolicyDemand::InhibitMapping,
            });
        }
        let result = build_paths_with_policies(
            &self.by_name[&test.target],
            &self.certificates,
            &self.anchors,
            now(),
            PathPurpose::DocumentSigning,
            &Budget::default(),
            &policies,
        );
        result
            .paths()
            .any(|path| self.is_good(path, &mut HashSet::new()))
    }

    /// Whether every certificate is shown to be good, by signers that are themselves: none is
    /// asked about while it is being asked about, so that two signers cannot vouch for each
    /// other. A CRL issuer whose certificate names itself as CRL issuer speaks about itself
    /// (test 4.14.30).
    fn is_good(&self, path: &CertificationPath, asked: &mut HashSet<CertificateId>) -> bool {
        StatusSubject::on(path).all(|subject| {
            if !asked.insert(subject.certificate().id()) {
                return false;
            }
            let mut answer = self
                .evidence
                .ask(subject, &self.certificates, &Budget::default());
            answer.statements.retain(|statement| {
                let signer = &statement.signer;
                signer.certificate == *subject.certificate()
                    || signer
                        .path
                        .as_ref()
                        .is_none_or(|path| self.is_good(path, asked))
            });
            asked.remove(&subject.certificate().id());
            answer.status_at(now()) == StatusAt::Good
        })
    }
}

#[test]
fn the_tests_of_nist_end_as_its_document_says_but_for_reasoned_exceptions() {
    let Some(suite) = suite() else {
        println!("SKIPPED: PKITS: target/judges/pkits is not there; `cargo xtask judges` makes it");
        return;
    };
    let tests: Vec<Test> = json("testdata/pkits.json");
    let exceptions: Vec<Exception> = json("testdata/pkits-exceptions.json");
    let mut differing = Vec::new();
    let mut listed: BTreeMap<&str, &Exception> = exceptions
        .iter()
        .map(|exception| (exception.test.as_str(), exception))
        .collect();
    for test in &tests {
        let actual = if suite.accepts(test) {
            Expected::Valid
        } else {
            Expected::Invalid
        };
        let exception = listed.remove(test.test.as_str());
        let expected = exception.map_or(test.expected, |exception| exception.actual);
        if actual != expected {
            differing.push(format!("{} {}: {actual:?}", test.test, test.target));
        }
        if let Some(exception) = exception {
            assert_ne!(exception.actual, test.expected, "{}", test.test);
            assert!(exception.reason.len() > 40, "{}", test.test);
        }
    }
    assert!(listed.is_empty(), "exceptions without a test");
    assert_eq!(differing, Vec::<String>::new());
    println!(
        "PKITS: {} tests, {} as its document says, {} exceptions",
        tests.len(),
        tests.len() - exceptions.len(),
        exceptions.len()
    );
}
