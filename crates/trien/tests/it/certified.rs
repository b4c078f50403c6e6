//! Files that another program certified against every change, and locked, raised here.

use std::path::Path;

use serde_json::json;
use trien::{Document, ExtensionLevel, Limits};
use trien_pdf::{ChangeKind, History};
use trien_testkit::pki::Role;
use trien_testkit::services::LiveServices;
use trien_testkit::structures::Structure;

use crate::client::Client;
use crate::judges::python;
use crate::levels::{Made, ago, assert_intact, assert_levels, raised, services};
use crate::school::plain_record;

/// pyHanko certifies a file: no change is allowed behind it.
const CERTIFY_SCRIPT: &str = r#"
import json, sys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import (
    FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter)
task = json.load(sys.stdin)
signer = signers.SimpleSigner.load_pkcs12(task["key"], passphrase=task["password"].encode())
with open(task["input"], "rb") as source, open(task["output"], "wb") as target:
    meta = signers.PdfSignatureMetadata(
        field_name="HieuTruong", md_algorithm="sha256", certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES, subfilter=SigSeedSubFilter.PADES)
    lock = FieldMDPSpec(FieldMDPAction.ALL) if task["lock"] else None
    field = SigFieldSpec("HieuTruong", field_mdp_spec=lock)
    signers.PdfSigner(meta, signer=signer, new_field_spec=field).sign_pdf(
        IncrementalPdfFileWriter(source, strict=False), output=target)
"#;

/// What pyHanko calls the changes behind the certification.
const CHANGES_SCRIPT: &str = r#"
import json, sys
from pyhanko.pdf_utils.reader import PdfFileReader
task = json.load(sys.stdin)
with open(task["file"], "rb") as file:
    signature = PdfFileReader(file).embedded_regular_signatures[0]
    signature.compute_integrity_info()
    summary = signature.summarise_integrity_info()
    level = summary["diff_result"].modification_level
    print(signature.docmdp_level.name, level.name, summary["docmdp_ok"])
"#;

#[test]
fn a_file_that_another_program_certified_against_every_change_is_raised() {
    let Some(record) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let services = services(ago(0));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let signer = services.pki.identity(Role::Principal).unwrap();
    std::fs::write(path("key.p12"), signer.pkcs12("thu").unwrap()).unwrap();
    std::fs::write(path("input.pdf"), &record).unwrap();
    for lock in [false, true] {
        let task = json!({
            "key": path("key.p12"), "password": "thu", "lock": lock,
            "input": path("input.pdf"), "output": path("certified.pdf"),
        });
        let Some(_) = python(CERTIFY_SCRIPT, &task) else {
            println!("SKIPPED: pyHanko is not set up");
            return;
        };
        let made = certified_and_raised(&services, folder.path());
        // DSS passes the locked file, too, but warns: to it the field of a document time stamp is
        // a field that /FieldMDP locks (ISO 32000-2, 12.8.2.4 speaks of the fields that are there).
        if !lock {
            assert_levels(&made);
        }
    }
}

/// `certified.pdf` in the folder, raised twice.
fn certified_and_raised(services: &LiveServices, folder: &Path) -> Vec<Made> {
    let path = |name: &str| folder.join(name);
    let certified = std::fs::read(path("certified.pdf")).unwrap();
    let client = Client::default();
    let now = ago(0);
    let lta = raised(services, &certified, ExtensionLevel::BLta, now, &client);
    let renewed = raised(services, &lta, ExtensionLevel::BLta, now, &client);
    let fields = [
        "HieuTruong",
        "DocTimeStamp1",
        "DocTimeStamp2",
        "DocTimeStamp3",
    ];
    assert_intact(&renewed, &fields);
    let document = Document::open(&renewed, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let revisions: Vec<_> = document.revisions().collect();
    let kinds: Vec<&ChangeKind> = revisions
        .iter()
        .flat_map(|revision| history.of(*revision))
        .map(|change| &change.kind)
        .collect();
    assert!(
        kinds.contains(&&ChangeKind::SecurityStoreChanged),
        "{kinds:?}"
    );
    std::fs::write(path("renewed.pdf"), &renewed).unwrap();
    let said = python(CHANGES_SCRIPT, &json!({ "file": path("renewed.pdf") }));
    assert_eq!(said.unwrap().trim(), "NO_CHANGES LTA_UPDATES True");
    vec![
        Made::new("LTA", "PAdES-BASELINE-LTA", 3, lta).stamped_as_document_alone(),
        Made::new("renewed", "PAdES-BASELINE-LTA", 4, renewed).stamped_as_document_alone(),
    ]
}
