//! What may follow a signature, made by us and by programs that others wrote: whatever honest
//! update comes, every earlier signature stays intact and what came is permitted.
//! Knows nothing of dishonest updates: those are in `forbidden`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use trien::{IntegrityFact, SignatureRequest, UnixTime, WhereShown};
use trien_policy::{ChangesFact, CoverageFact};
use trien_testkit::attacks::signed_document;
use trien_testkit::pki::{Identity, Role};
use trien_testkit::structures::{Structure, write};

use crate::judges::python;
use crate::school::{SIGNED_AT, drawing, empty_page, key, pki, sign, verify};

/// Signers of chains, the first one first.
const ROLES: [Role; 4] = [
    Role::SubjectTeacher,
    Role::HomeroomTeacher,
    Role::Principal,
    Role::SchoolSeal,
];

/// What a tool adds to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Update {
    Signature,
    Timestamp,
    FilledField,
}

/// A file to put updates behind.
struct Fixture {
    name: String,
    file: Vec<u8>,
    /// Signatures in it.
    signatures: usize,
    /// /P of its certification.
    permission: Option<u8>,
    page: Page,
}

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Empty(Structure),
    /// Two pages with text fields, in a classic table.
    Form,
}

impl Fixture {
    fn has_text_field(&self) -> bool {
        self.page == Page::Form
    }

    fn is_classic(&self) -> bool {
        self.has_text_field() || self.page == Page::Empty(Structure::ClassicTable)
    }

    /// ISO 32000-2, table 257: a time stamp follows whatever was certified.
    fn permits(&self, update: Update) -> bool {
        update == Update::Timestamp || self.permission != Some(1)
    }
}

/// Every structure with one to four signatures, the last of them shown on the page; and the form
/// of the attacks, certified or not.
fn fixtures() -> &'static [Fixture] {
    static FIXTURES: OnceLock<Vec<Fixture>> = OnceLock::new();
    FIXTURES.get_or_init(make_fixtures)
}

fn make_fixtures() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for structure in Structure::ALL {
        let mut file = write(&empty_page(), structure);
        for (number, role) in ROLES.into_iter().enumerate() {
            let mut request = SignatureRequest::new(role.label(), later(number));
            if number == 3
                && structure == Structure::ClassicTable
                && let Some(drawing) = drawing(120.0, 60.0)
            {
                request = request.shown(WhereShown::on_page(0, (30.0, 30.0), drawing));
            }
            file = sign(&file, &mut key(role), request).unwrap();
            fixtures.push(Fixture {
                name: format!("{structure:?} with {} signatures", number + 1),
                file: file.clone(),
                signatures: number + 1,
                permission: None,
                page: Page::Empty(structure),
            });
        }
    }
    for permission in [None, Some(1), Some(2), Some(3)] {
        let mut file = signed_document(pki(), permission).octets;
        for number in 1..=4 {
            fixtures.push(Fixture {
                name: format!("form, {permission:?}, {number} signatures"),
                file: file.clone(),
                signatures: number,
                permission,
                page: Page::Form,
            });
            if permission == Some(1) {
                break;
            }
            let role = ROLES[number % 4];
            let field = format!("Ky{number}");
            let request = SignatureRequest::new(field, later(number));
            file = sign(&file, &mut key(role), request).unwrap();
        }
    }
    fixtures
}

fn later(minutes: usize) -> UnixTime {
    UnixTime::from_seconds(SIGNED_AT.seconds() + 60 * minutes as i64)
}

/// What is wrong with the signatures that were there before an update; nothing, if all is well.
fn broken_by(fixture: &Fixture, updated: &[u8]) -> Option<String> {
    if !updated.starts_with(&fixture.file) {
        return Some("the earlier octets are not kept".to_owned());
    }
    let report = verify(updated);
    let signatures = report.signatures.get(..fixture.signatures)?;
    let wrong = signatures.iter().find(|signature| {
        let facts = &signature.facts;
        let changes = ChangesFact::of(&facts.changes);
        facts.integrity != IntegrityFact::Intact
            || facts.coverage == CoverageFact::Broken
            || changes == ChangesFact::Forbidden
    })?;
    let changes = wrong.facts.changes.iter();
    let changes: Vec<String> = changes
        .map(|change| format!("{:?} {:?} {:?}", change.kind, change.object, change.verdict))
        .collect();
    Some(format!("{}: {changes:?}", wrong.facts.field))
}

/// Judges one update, both ways: what the certification does not permit must be told.
fn judge(
    fixture: &Fixture,
    (tool, update): (&str, Update),
    updated: &[u8],
    wrong: &mut Vec<String>,
) {
    let said = broken_by(fixture, updated);
    if fixture.permits(update) != said.is_none() {
        let name = &fixture.name;
        wrong.push(format!("{tool} {update:?} behind {name}: {said:?}"));
    }
}

fn assert_none(wrong: &[String], judged: usize) {
    assert!(
        wrong.is_empty(),
        "{} of {judged}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged > 0);
}

#[test]
fn our_own_signatures_leave_every_earlier_one_as_it_was() {
    let mut wrong = Vec::new();
    let mut judged = 0;
    for fixture in fixtures()
        .iter()
        .filter(|fixture| fixture.permission != Some(1))
    {
        let mut updates = vec![SignatureRequest::new("Tiep theo", later(60))];
        // Subsetting a font takes long without optimisation: two of each kind.
        let is_shown = fixture.is_classic() && fixture.signatures % 3 == 1;
        if let Some(drawing) = drawing(120.0, 60.0).filter(|_| is_shown) {
            let prepared = WhereShown::in_field(drawing.clone());
            if fixture.has_text_field() {
                updates.push(SignatureRequest::new("ConDau", later(60)).shown(prepared));
            }
            if fixture.permission.is_none() {
                let shown = WhereShown::on_page(0, (300.0, 30.0), drawing);
                updates.push(SignatureRequest::new("Tiep theo", later(60)).shown(shown));
            }
        }
        for request in updates {
            let updated = sign(&fixture.file, &mut key(Role::HeadOfGroup), request).unwrap();
            judge(fixture, ("trien", Update::Signature), &updated, &mut wrong);
            judged += 1;
        }
    }
    assert_none(&wrong, judged);
}

/// Signs, stamps or fills each file in one process. Files in the order of the tasks.
const PYHANKO_UPDATES: &str = r#"
import json, logging, sys
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
task = json.load(sys.stdin)
load = lambda name: signers.SimpleSigner.load_pkcs12(task[name], passphrase=b"trien")
signer, authority = load("signer"), load("authority")
stamper = timestamps.DummyTimeStamper(authority.signing_cert, authority.signing_key,
                                      certs_to_embed=authority.cert_registry)
for one in task["files"]:
    with open(one["in"], "rb") as file, open(one["out"], "wb+") as out:
        try:
            writer = IncrementalPdfFileWriter(file, strict=False)
        except Exception:
            continue
        if one["update"] == "Signature":
            meta = signers.PdfSignatureMetadata(field_name="PyHanko", md_algorithm="sha256")
            signers.PdfSigner(meta, signer=signer).sign_pdf(writer, output=out)
        elif one["update"] == "Timestamp":
            signers.PdfTimeStamper(stamper).timestamp_pdf(writer, "sha256", output=out)
        else:
            # The field without a look, which pyHanko would leave as it was.
            field = writer.root["/AcroForm"]["/Fields"][2].get_object()
            field["/V"] = pdf_string("Tot")
            writer.update_container(field)
            writer.write(out)
"#;

fn pkcs12(identity: &Identity, folder: &Path) -> PathBuf {
    let path = folder.join(format!("{}.p12", identity.name()));
    std::fs::write(&path, identity.pkcs12("trien").unwrap()).unwrap();
    path
}

#[test]
fn signatures_time_stamps_and_values_by_pyhanko_leave_every_earlier_signature_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let role = |role| pkcs12(pki().identity(role).unwrap(), folder.path());
    let mut tasks = Vec::new();
    for (number, fixture) in fixtures().iter().enumerate() {
        // pyHanko wants the header in the first octet, and an entry in every table.
        let unread = ["HeaderNotAtStart", "ManyRevisions"];
        let is_unread = unread.iter().any(|name| fixture.name.starts_with(name));
        if is_unread || !(fixture.has_text_field() || fixture.signatures % 3 == 1) {
            continue;
        }
        let path = folder.path().join(format!("{number}.pdf"));
        std::fs::write(&path, &fixture.file).unwrap();
        for update in [Update::Signature, Update::Timestamp, Update::FilledField] {
            // pyHanko itself signs nothing that was certified as final.
            let refused = update == Update::Signature && fixture.permission == Some(1);
            if !refused && (update != Update::FilledField || fixture.has_text_field()) {
                let out = folder.path().join(format!("{number}-{update:?}.pdf"));
                tasks.push((fixture, update, path.clone(), out));
            }
        }
    }
    let files: Vec<Value> = tasks
        .iter()
        .map(|(_, update, path, out)| json!({"in": path, "out": out, "update": format!("{update:?}")}))
        .collect();
    let task = json!({
        "signer": role(Role::HeadOfGroup),
        "authority": role(Role::TimeStampAuthority),
        "files": files,
    });
    if python(PYHANKO_UPDATES, &task).is_none() {
        println!("SKIPPED: pyHanko is not installed");
        return;
    }
    let mut wrong = Vec::new();
    for (fixture, update, _, out) in &tasks {
        let updated = std::fs::read(out).unwrap();
        if updated.is_empty() {
            wrong.push(format!("pyHanko does not open {}", fixture.name));
            continue;
        }
        judge(fixture, ("pyHanko", *update), &updated, &mut wrong);
    }
    assert_none(&wrong, tasks.len());
}

/// Runs a program of others; `None` where it is not installed.
fn ran(command: &mut Command) -> Option<String> {
    match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        output => {
            let output = output.unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{command:?}: {said}");
            Some(said)
        }
    }
}

/// Fills the first text field and saves incrementally.
const MUTOOL_FILL: &str = r#"
var document = new PDFDocument(scriptArgs[0]);
var widgets = document.loadPage(0).getWidgets();
for (var i = 0; i < widgets.length; ++i) {
    if (widgets[i].getFieldType() == "text") {
        widgets[i].setTextValue("Tot");
        widgets[i].update();
        break;
    }
}
document.save(scriptArgs[1], "incremental");
"#;

#[test]
fn a_field_filled_by_mutool_leaves_every_earlier_signature_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("fill.js");
    std::fs::write(&script, MUTOOL_FILL).unwrap();
    let (input, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    let mut wrong = Vec::new();
    let mut judged = 0;
    for fixture in fixtures().iter().filter(|fixture| fixture.has_text_field()) {
        std::fs::write(&input, &fixture.file).unwrap();
        let mut run = Command::new("mutool");
        run.arg("run").args([&script, &input, &output]);
        if ran(&mut run).is_none() {
            println!("SKIPPED: mutool is not installed");
            return;
        }
        let updated = std::fs::read(&output).unwrap();
        judge(
            fixture,
            ("mutool", Update::FilledField),
            &updated,
            &mut wrong,
        );
        judged += 1;
    }
    assert_none(&wrong, judged);
}

#[test]
fn a_signature_by_pdfsig_leaves_every_earlier_one_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = pkcs12(pki().identity(Role::HeadOfGroup).unwrap(), folder.path());
    let database = format!("sql:{}", folder.path().display());
    let mut make = Command::new("certutil");
    make.args(["-N", "--empty-password", "-d", &database]);
    let mut fill = Command::new("pk12util");
    fill.args(["-d", &database, "-W", "trien", "-K", "", "-i"])
        .arg(store);
    if ran(&mut make).and_then(|_| ran(&mut fill)).is_none() {
        println!("SKIPPED: no signature by pdfsig, libnss3-tools is not installed");
        return;
    }
    let (input, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    let mut wrong = Vec::new();
    let mut judged = 0;
    for fixture in fixtures().iter().filter(|fixture| fixture.is_classic()) {
        std::fs::write(&input, &fixture.file).unwrap();
        let mut run = Command::new("pdfsig");
        run.arg("-nssdir").arg(folder.path());
        run.args(["-nick", pki().identity(Role::HeadOfGroup).unwrap().name()]);
        run.args(["-nss-pwd", "", "-add-signature"])
            .args([&input, &output]);
        if ran(&mut run).is_none() {
            println!("SKIPPED: pdfsig is not installed");
            return;
        }
        let updated = std::fs::read(&output).unwrap();
        judge(fixture, ("pdfsig", Update::Signature), &updated, &mut wrong);
        judged += 1;
    }
    assert_none(&wrong, judged);
}
