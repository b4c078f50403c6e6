//! Encrypted files: none is signed, and signatures that others made in them are verified without a
//! password, because /Contents is never encrypted (ISO 32000-2, 7.6.2).

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use trien::{DocumentConclusion, ErrorKind, IntegrityFact, SignatureRequest};
use trien_pdf::PlaceError;
use trien_policy::{ChangeVerdict, ChangeWord, ChangesFact};
use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::Role;
use trien_testkit::structures::{Structure, write};

use crate::bad_input::refused;
use crate::judges::python;
use crate::school::{SIGNED_AT, empty_page, key, pki, verify};

const USER_PASSWORD: &str = "mở tệp";

/// qpdf's names for the key lengths, from RC4 of 40 bits to AES of 256 bits.
const KEY_BITS: [&str; 3] = ["40", "128", "256"];

/// An empty page in an encrypted file at `path`; `None`, said aloud, without qpdf.
fn encrypt(path: &Path, bits: &str, password: &str) -> Option<()> {
    let plain = path.with_extension("plain.pdf");
    std::fs::write(&plain, write(&empty_page(), Structure::ClassicTable)).unwrap();
    let run = Command::new("qpdf")
        .args(["--allow-weak-crypto", "--encrypt", password, "owner", bits])
        .arg("--")
        .args([&plain, path])
        .output();
    let Ok(run) = run else {
        println!("SKIPPED: qpdf is not installed");
        return None;
    };
    assert!(run.status.success(), "{run:?}");
    Some(())
}

#[test]
fn an_encrypted_file_is_not_signed_and_the_key_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("encrypted.pdf");
    for bits in KEY_BITS {
        for password in ["", USER_PASSWORD] {
            // Revisions before 6 of the security handler take ASCII passwords alone from qpdf.
            let password = if bits == "256" { password } else { "" };
            if encrypt(&path, bits, password).is_none() {
                return;
            }
            let file = std::fs::read(&path).unwrap();
            let request = SignatureRequest::new("HieuTruong", SIGNED_AT);
            let error = refused(&file, key(Role::Principal), request);
            assert!(
                matches!(error.kind(), ErrorKind::Place(PlaceError::Encrypted)),
                "{error:?}"
            );
            let report = verify(&file);
            assert!(report.document.encrypted);
            assert_eq!(report.conclusion, DocumentConclusion::Unsigned);
        }
    }
}

/// Runs a script of pyHanko's with the principal's key, which is written into the folder and told
/// beside the task; `None`, said aloud, without pyHanko.
fn signed_by_principal(script: &str, folder: &Path, mut task: Value) -> Option<()> {
    let principal = pki().identity(Role::Principal).unwrap();
    let issuer = pki().identity(Role::Principal.issuer()).unwrap();
    for (name, octets) in [
        ("key", principal.key_pem().unwrap()),
        ("certificate", principal.certificate_pem().unwrap()),
        ("issuer", issuer.certificate_pem().unwrap()),
    ] {
        let path = folder.join(format!("{name}.pem"));
        std::fs::write(&path, octets).unwrap();
        task[name] = json!(path);
    }
    if python(script, &task).is_none() {
        println!("SKIPPED: pyHanko is not installed");
        return None;
    }
    Some(())
}

/// Signs a file whose objects are packed and encrypted without a password to open it, and gives its
/// second page another content behind the signature.
const REPLACING_SCRIPT: &str = r#"
import json, logging, shutil, subprocess, sys
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
task = json.load(sys.stdin)
signer = signers.SimpleSigner.load(task["key"], task["certificate"], ca_chain_files=[task["issuer"]])
with open(task["file"], "rb+") as file:
    writer = IncrementalPdfFileWriter(file)
    writer.encrypt("")
    about = signers.PdfSignatureMetadata(
        field_name="HieuTruong", subfilter=fields.SigSeedSubFilter.PADES, reason="Duyet")
    signers.sign_pdf(writer, about, signer=signer, in_place=True)
shutil.copy(task["file"], task["replaced"])
with open(task["replaced"], "rb+") as file:
    writer = IncrementalPdfFileWriter(file)
    writer.encrypt("")
    page = writer.find_page_for_modification(1)[0].get_object()
    content = generic.StreamObject(stream_data=b"BT /F1 14 Tf 60 760 Td (9.0) Tj ET")
    page["/Contents"] = writer.add_object(content)
    writer.update_container(page)
    writer.write_in_place()
"#;

#[test]
fn m16_what_is_packed_and_encrypted_may_have_changed_and_nobody_says_it_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let kept = |name: &str, octets: Vec<u8>| {
        std::fs::write(path(name), octets).unwrap();
        path(name)
    };
    let report = trien_testkit::records::school_report(
        1,
        trien_testkit::records::SignatureFields::Absent,
        trien_testkit::records::Conformance::Plain,
    );
    let plain = kept(
        "plain.pdf",
        write(&report.unwrap().document, Structure::ClassicTable),
    );
    let run = Command::new("qpdf")
        .args([
            "--object-streams=generate",
            "--encrypt",
            "",
            "owner",
            "256",
            "--",
        ])
        .args([&plain, &path("signed.pdf")])
        .output();
    if run.is_err() {
        println!("SKIPPED: qpdf is not installed");
        return;
    }
    let task = json!({ "file": path("signed.pdf"), "replaced": path("replaced.pdf") });
    if signed_by_principal(REPLACING_SCRIPT, folder.path(), task).is_none() {
        return;
    }
    let report = verify(&std::fs::read(path("signed.pdf")).unwrap());
    let facts = &report.signatures[0].facts;
    assert_eq!(facts.integrity, IntegrityFact::Intact);
    assert!(
        facts.changes.is_empty() && facts.reason.is_none(),
        "{facts:?}"
    );
    assert!(
        facts.field.is_ascii(),
        "no text without the password: {}",
        facts.field
    );
    let report = verify(&std::fs::read(path("replaced.pdf")).unwrap());
    let facts = &report.signatures[0].facts;
    assert!(report.document.encrypted);
    assert_eq!(facts.integrity, IntegrityFact::Intact);
    assert_eq!(ChangesFact::of(&facts.changes), ChangesFact::Forbidden);
    assert_eq!(report.conclusion, DocumentConclusion::Indeterminate);
    let told = report.signatures[0].findings.iter();
    let told: Vec<&str> = told.map(|finding| finding.message.as_str()).collect();
    assert!(
        told.iter().any(|message| message.contains("mật khẩu")),
        "{told:?}"
    );
}

/// Signs each file of a task in place.
const SIGNING_SCRIPT: &str = r#"
import json, logging, sys
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
task = json.load(sys.stdin)
signer = signers.SimpleSigner.load(task["key"], task["certificate"], ca_chain_files=[task["issuer"]])
for path, password in task["files"]:
    with open(path, "rb+") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.encrypt(password)
        about = signers.PdfSignatureMetadata(
            field_name="HieuTruong", subfilter=fields.SigSeedSubFilter.PADES)
        signers.sign_pdf(writer, about, signer=signer, in_place=True)
"#;

#[test]
fn a_signature_in_an_encrypted_file_is_verified_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for bits in KEY_BITS {
        let password = if bits == "256" { USER_PASSWORD } else { "" };
        let path = folder.path().join(format!("{bits}.pdf"));
        if encrypt(&path, bits, password).is_none() {
            return;
        }
        files.push((path, password));
    }
    let task = json!({ "files": files });
    if signed_by_principal(SIGNING_SCRIPT, folder.path(), task).is_none() {
        return;
    }
    for (path, _) in &files {
        let file = std::fs::read(path).unwrap();
        let report = verify(&file);
        assert!(report.document.encrypted);
        assert_eq!(report.signatures.len(), 1, "{report:?}");
        let facts = &report.signatures[0].facts;
        assert_eq!(facts.integrity, IntegrityFact::Intact, "{facts:?}");
        let subject = &facts.signer.as_ref().unwrap().subject;
        assert!(subject.contains("CCCD:000000000004"), "{subject}");
        let damaged = flip_octet(&file, 20).unwrap();
        let damaged = &verify(&damaged).signatures[0].facts.integrity;
        assert!(
            matches!(damaged, IntegrityFact::Broken { .. }),
            "{damaged:?}"
        );
    }
}

/// Signs each file twice: in a field of its own, and in one that was prepared before. Then gives the
/// page another content.
const TWICE_SCRIPT: &str = r#"
import json, logging, shutil, sys
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
task = json.load(sys.stdin)
signer = signers.SimpleSigner.load(task["key"], task["certificate"], ca_chain_files=[task["issuer"]])
def update(path, change):
    with open(path, "rb+") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.encrypt("")
        change(writer)
def sign(name, spec=None):
    about = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES)
    return lambda writer: signers.PdfSigner(about, signer, new_field_spec=spec).sign_pdf(
        writer, in_place=True)
def box(name, left):
    return fields.SigFieldSpec(name, box=(left, 30, left + 100, 60))
def prepare(writer):
    fields.append_signature_field(writer, box("HieuTruong", 200))
    writer.write_in_place()
def replace(writer):
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (9.0) Tj ET"))
    writer.update_container(page)
    writer.write_in_place()
for path, replaced in task["files"]:
    update(path, prepare)
    update(path, sign("GiaoVien", box("GiaoVien", 30)))
    update(path, sign("HieuTruong"))
    shutil.copy(path, replaced)
    update(replaced, replace)
"#;

#[test]
fn m16_two_who_sign_an_encrypted_file_forge_nothing_and_nobody_can_tell_what_they_drew() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for bits in KEY_BITS {
        let path = folder.path().join(format!("{bits}.pdf"));
        if encrypt(&path, bits, "").is_none() {
            return;
        }
        files.push((path, folder.path().join(format!("{bits}.replaced.pdf"))));
    }
    let task = json!({ "files": files });
    if signed_by_principal(TWICE_SCRIPT, folder.path(), task).is_none() {
        return;
    }
    for (path, replaced) in &files {
        let report = verify(&std::fs::read(path).unwrap());
        assert_eq!(report.signatures.len(), 2, "{path:?}");
        for signature in &report.signatures {
            assert_eq!(signature.facts.integrity, IntegrityFact::Intact);
        }
        let forbidden = |place: usize| -> Vec<ChangeWord> {
            let changes = report.signatures[place].facts.changes.iter();
            let forbidden = changes.filter(|change| change.verdict == ChangeVerdict::Forbidden);
            forbidden.map(|change| change.kind).collect()
        };
        assert_eq!(forbidden(0), [ChangeWord::Encrypted], "{path:?}");
        assert_eq!(forbidden(1), [], "{path:?}");
        assert_eq!(report.conclusion, DocumentConclusion::Indeterminate);
        let mut told = report.signatures[0].findings.iter();
        assert!(
            told.any(|finding| finding.message.contains("mật khẩu")),
            "{path:?}"
        );
        let report = verify(&std::fs::read(replaced).unwrap());
        assert_eq!(report.conclusion, DocumentConclusion::Invalid, "{path:?}");
    }
}
