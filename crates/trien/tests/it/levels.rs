//! The levels of EN 319 142-1 over services on loopback: made, raised, renewed, and judged by
//! programs that others wrote. Those read the machine's clock, so these tests do, too.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use trien::{
    Conclusion, Document, EvidenceSearch, ExtensionLevel, ExtensionRequest, IntegrityFact, Limits,
    SignatureRequest, TimeStampAuthority, Transport, UnixTime, ValidationRelated, Verification,
    extend, sign_and_timestamp,
};
use trien_pdf::SecurityStore;
use trien_policy::ChangesFact;
use trien_testkit::judges::{FileVerdict, LevelJudge, Question, ask};
use trien_testkit::pki::Role;
use trien_testkit::services::LiveServices;
use trien_testkit::structures::Structure;

use crate::client::Client;
use crate::school::{anchor_folder, anchors, kept_folder, key_of, plain_record, sign};

/// The machine's clock, so many minutes ago.
pub(crate) fn ago(minutes: i64) -> UnixTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = i64::try_from(since.unwrap().as_secs()).unwrap();
    UnixTime::from_seconds(seconds - 60 * minutes)
}

pub(crate) fn services(now: UnixTime) -> LiveServices {
    LiveServices::start(&kept_folder("keys"), now).unwrap()
}

pub(crate) fn authority(services: &LiveServices) -> TimeStampAuthority {
    TimeStampAuthority::at(services.time_stamps.url())
}

/// Signed by the principal.
pub(crate) fn basic(services: &LiveServices, file: &[u8], time: UnixTime) -> Vec<u8> {
    let mut key = key_of(services.pki.identity(Role::Principal).unwrap());
    sign(file, &mut key, SignatureRequest::new("HieuTruong", time)).unwrap()
}

/// Signed by the principal, and stamped.
pub(crate) fn stamped(
    services: &LiveServices,
    file: &[u8],
    time: UnixTime,
    transport: &dyn Transport,
) -> Vec<u8> {
    let document = Document::open(file, &Limits::default()).unwrap();
    let mut key = key_of(services.pki.identity(Role::Principal).unwrap());
    let request = SignatureRequest::new("HieuTruong", time);
    let authority = authority(services);
    let stamped = sign_and_timestamp(&document, &mut key, request, transport, &authority).unwrap();
    assert_eq!(stamped.time(), time);
    assert_eq!(stamped.url(), services.time_stamps.url());
    stamped.finish().to_vec()
}

pub(crate) fn request<'s>(
    services: &LiveServices,
    level: ExtensionLevel,
    time: UnixTime,
    transport: &'s dyn Transport,
) -> ExtensionRequest<'s> {
    let search = EvidenceSearch::new(anchors(), time, transport);
    ExtensionRequest::new(level, search).stamped_by(authority(services))
}

pub(crate) fn raised(
    services: &LiveServices,
    file: &[u8],
    level: ExtensionLevel,
    time: UnixTime,
    transport: &dyn Transport,
) -> Vec<u8> {
    services.set_time(time);
    let request = request(services, level, time, transport);
    let extended = extend(file, &request, &Limits::default()).unwrap();
    assert!(extended.missing.is_empty(), "{:?}", extended.missing);
    let whole = extended.document.to_vec();
    assert!(whole.starts_with(file));
    whole
}

pub(crate) fn store(file: &[u8]) -> SecurityStore {
    let document = Document::open(file, &Limits::default()).unwrap();
    let store = SecurityStore::read(&document, document.latest(), document.limits());
    let store = store.unwrap().unwrap();
    assert_eq!(store.findings, []);
    store
}

/// Every signature is intact, and nothing behind it is forbidden.
pub(crate) fn assert_intact(file: &[u8], fields: &[&str]) {
    let report = crate::school::verify(file);
    let names: Vec<&str> = report
        .signatures
        .iter()
        .map(|signature| signature.facts.field.as_str())
        .collect();
    assert_eq!(names, fields);
    for signature in &report.signatures {
        let facts = &signature.facts;
        assert_eq!(facts.integrity, IntegrityFact::Intact, "{}", facts.field);
        let changes = ChangesFact::of(&facts.changes);
        assert_ne!(changes, ChangesFact::Forbidden, "{:?}", facts.changes);
    }
}

/// A file with the level it has, as judges name it.
pub(crate) struct Made {
    name: &'static str,
    level: &'static str,
    fields: usize,
    file: Vec<u8>,
    /// pyHanko's verdict where it is not the one that the standard has, with the reason.
    exception: Option<(&'static str, &'static str)>,
}

/// EN 319 142-1, 6.3 lets a document time stamp stand for the one in the signature.
const PYHANKO_WANTS_A_SIGNATURE_TIME_STAMP: (&str, &str) = (
    "SIG_CONSTRAINTS_FAILURE",
    "pyHanko's process with time ends where the signature itself has no time stamp",
);

impl Made {
    pub(crate) fn new(
        name: &'static str,
        level: &'static str,
        fields: usize,
        file: Vec<u8>,
    ) -> Self {
        Self {
            name,
            level,
            fields,
            file,
            exception: None,
        }
    }

    pub(crate) fn stamped_as_document_alone(mut self) -> Self {
        self.exception = Some(PYHANKO_WANTS_A_SIGNATURE_TIME_STAMP);
        self
    }
}

/// Both judges of levels name the level of each file now, from what it holds; where it holds
/// evidence, they pass it, with its time stamps, and warn of nothing. The judges of structure
/// find nothing wrong.
pub(crate) fn assert_levels(made: &[Made]) {
    let folder = tempfile::tempdir().unwrap();
    let path = |made: &Made| folder.path().join(format!("{}.pdf", made.name));
    for one in made {
        std::fs::write(path(one), &one.file).unwrap();
    }
    let paths: Vec<PathBuf> = made.iter().map(path).collect();
    for judge in LevelJudge::ALL {
        let Some(verdicts) = ask(judge, &Question::new(anchor_folder()), &paths).unwrap() else {
            continue;
        };
        for (one, verdict) in made.iter().zip(verdicts) {
            assert_level(one, &verdict, judge);
        }
    }
    for one in made {
        assert_ours(one);
        assert_structure(one, &path(one));
    }
}

fn assert_level(made: &Made, verdict: &FileVerdict, judge: LevelJudge) {
    let what = format!("{judge} on {}: {verdict:#?}", made.name);
    assert!(verdict.error.is_none(), "{what}");
    assert_eq!(verdict.signatures.len(), 1, "{what}");
    for signature in &verdict.signatures {
        assert_eq!(signature.level, made.level, "{what}");
        if !made.level.contains("-LT") {
            continue;
        }
        if let (LevelJudge::PyHanko, Some((expected, reason))) = (judge, made.exception) {
            let said = signature.sub_indication.as_deref();
            assert_eq!(said, Some(expected), "delete the exception: {reason}");
            continue;
        }
        assert_eq!(signature.indication, "TOTAL_PASSED", "{what}");
        assert!(signature.errors.is_empty(), "{what}");
        assert!(signature.warnings.is_empty(), "{what}");
        for stamp in &signature.time_stamps {
            assert!(stamp.indication.ends_with("PASSED"), "{what}");
            assert!(
                stamp.errors.is_empty() && stamp.warnings.is_empty(),
                "{what}"
            );
        }
    }
}

/// Our own judgement of the signature, now, from what the file holds.
fn assert_ours(made: &Made) {
    let report = trien::verify(&made.file, &Verification::new(anchors(), ago(0)));
    let signature = &report.signatures[0];
    let level = made.level.replace("BASELINE", "B");
    assert_eq!(signature.facts.level.as_deref(), Some(level.as_str()));
    if made.level.contains("-LT") {
        let conclusion = &signature.conclusion;
        let findings: Vec<_> = signature.findings.iter().collect();
        assert_eq!(
            *conclusion,
            Conclusion::Passed,
            "{}: {findings:#?}",
            made.name
        );
    }
}

fn assert_structure(made: &Made, path: &Path) {
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).arg(path).output();
        let Ok(output) = output else {
            println!("SKIPPED: {program} is not installed");
            return None;
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {}: {said}", made.name);
        Some(said)
    };
    run("qpdf", &["--check"]);
    if let Some(said) = run("mutool", &["sign", "-v"]) {
        let found = said.matches("Verifying signature").count();
        assert_eq!(found, made.fields, "{said}");
        assert!(!said.contains("repair"), "{said}");
    }
    // poppler knows document time stamps by name alone.
    if let Some(said) = run("pdfsig", &["-nocert"]) {
        let found = said.lines().filter(|line| line.starts_with("Signature #"));
        assert_eq!(found.count(), made.fields, "{said}");
        assert_eq!(said.matches("Signature is Valid.").count(), 1, "{said}");
        let whole = said.matches("  - Total document signed").count();
        let expected = usize::from(made.level != "PAdES-BASELINE-LT");
        assert_eq!(whole, expected, "{said}");
    }
}

#[test]
fn every_level_is_made_raised_and_renewed_and_the_judges_name_it() {
    for structure in [Structure::ClassicTable, Structure::ObjectStreams] {
        let Some(record) = plain_record(structure) else {
            return;
        };
        let signed_at = ago(60);
        let services = services(signed_at);
        let client = Client::default();
        let b = basic(&services, &record, signed_at);
        let t = stamped(&services, &record, signed_at, &client);
        let raise =
            |file: &[u8], level, minutes| raised(&services, file, level, ago(minutes), &client);
        let lt = raise(&t, ExtensionLevel::BLt, 50);
        let lta = raise(&t, ExtensionLevel::BLta, 50);
        let renewed = raise(&lta, ExtensionLevel::BLta, 20);
        let late = raise(&b, ExtensionLevel::BLta, 40);
        assert_intact(&lt, &["HieuTruong"]);
        assert_intact(&renewed, &["HieuTruong", "DocTimeStamp1", "DocTimeStamp2"]);
        assert_intact(&late, &["HieuTruong", "DocTimeStamp1", "DocTimeStamp2"]);
        assert_levels(&[
            Made::new("B", "PAdES-BASELINE-B", 1, b),
            Made::new("T", "PAdES-BASELINE-T", 1, t),
            Made::new("LT", "PAdES-BASELINE-LT", 1, lt),
            Made::new("LTA", "PAdES-BASELINE-LTA", 2, lta),
            Made::new("renewed", "PAdES-BASELINE-LTA", 3, renewed),
            Made::new("late", "PAdES-BASELINE-LTA", 3, late).stamped_as_document_alone(),
        ]);
    }
}

#[test]
fn a_store_that_holds_everything_is_not_written_again_and_vri_names_the_signature() {
    let Some(record) = plain_record(Structure::XrefStream) else {
        return;
    };
    let signed_at = ago(60);
    let services = services(signed_at);
    let client = Client::default();
    let t = stamped(&services, &record, signed_at, &client);
    let mut request = request(&services, ExtensionLevel::BLt, signed_at, &client);
    request.validation_related = ValidationRelated::Written;
    let limits = Limits::default();
    let lt = extend(&t, &request, &limits).unwrap().document.to_vec();
    let store = store(&lt);
    let [entry] = store.validation_related.as_slice() else {
        panic!("{store:?}")
    };
    assert_eq!(entry.key.len(), 40);
    assert_eq!(entry.time, Some(signed_at));
    assert_eq!(entry.certificates, store.certificates);
    assert_eq!(entry.ocsps, store.ocsps);
    let asked = client.asked().len();
    let again = extend(&lt, &request, &limits).unwrap();
    assert!(again.document.appended().is_empty());
    // What is in the store is not asked for again either.
    assert_eq!(client.asked().len(), asked);
    assert_levels(&[Made::new("VRI", "PAdES-BASELINE-LT", 1, lt)]);
}
