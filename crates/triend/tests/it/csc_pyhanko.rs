//! pyHanko's own `CSCSigner` signs PDFs through the daemon, on both paths. The class is theirs,
//! unmodified; what they leave to their users, asking for authorisation, is a few lines here.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use trien::{IntegrityFact, Verification};

use crate::csc_desk::{Desk, anchors, elliptic};
use crate::job_desk::{anchors_in, letter, now};

const SCRIPT: &str = r#"
import asyncio, json, sys
import aiohttp
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.csc_signer import (
    CSCAuthorizationManager, CSCServiceSessionInfo, CSCSigner, fetch_certs_in_csc_credential)
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

task = json.load(sys.stdin)

class InTheWindow(CSCAuthorizationManager):
    def __init__(self, session, *rest):
        super().__init__(*rest)
        self.session = session

    async def authorize_signature(self, hashes):
        body = self.format_csc_auth_request(hash_b64s=hashes, description="pyHanko")
        url = self.csc_session_info.endpoint_url("credentials/authorize")
        async with self.session.post(url, headers=self.auth_headers, json=body) as response:
            reply = await response.json()
            if response.status != 200:
                raise ValueError(json.dumps(reply))
            return self.parse_csc_auth_response(reply)

async def main():
    async with aiohttp.ClientSession() as session:
        info = CSCServiceSessionInfo(
            task["base"], task["credential"], oauth_token=task["token"], api_ver=task["version"])
        credential = await fetch_certs_in_csc_credential(session, info)
        manager = InTheWindow(session, info, credential)
        signer = CSCSigner(session, manager, prefer_pss=task["pss"], batch_size=len(task["files"]))
        async def sign(source, target):
            meta = PdfSignatureMetadata(
                field_name="Signature", md_algorithm=task["digest"],
                subfilter=SigSeedSubFilter.PADES)
            with open(source, "rb") as file, open(target, "wb") as out:
                writer = IncrementalPdfFileWriter(file)
                await PdfSigner(meta, signer).async_sign_pdf(writer, output=out)
        await asyncio.gather(*(sign(source, target) for source, target in task["files"]))
    roots = list(load_certs_from_pemder(task["anchors"]))
    found = []
    for _, target in task["files"]:
        with open(target, "rb") as file:
            signature, = PdfFileReader(file).embedded_signatures
            trust = ValidationContext(trust_roots=roots, allow_fetching=False)
            status = await async_validate_pdf_signature(signature, trust)
            mechanism = signature.signer_info["signature_algorithm"].signature_algo
            found.append([status.intact, status.valid, status.trusted, mechanism])
    print(json.dumps(found))

asyncio.run(main())
"#;

fn python() -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file())
        .unwrap();
    let python = root.join("target/judges/venv/bin/python");
    let there = Command::new(&python)
        .args(["-c", "import aiohttp, pyhanko.sign.signers.csc_signer"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        println!("SKIPPED: pyHanko with aiohttp is not set up: run `cargo xtask judges`");
    }
    there.then_some(python)
}

/// Signs so many letters in one batch while a person agrees in each window; what pyHanko says of
/// them, and their paths.
fn sign(desk: &Desk, python: &Path, version: &str, changes: &Value) -> (Value, Vec<PathBuf>) {
    let folder = desk.folder.path();
    let source = folder.join("letter.pdf");
    std::fs::write(&source, letter()).unwrap();
    let count = changes["count"].as_u64().unwrap_or(1);
    let targets: Vec<PathBuf> = (0..count)
        .map(|number| folder.join(format!("{version}-{number}.pdf")))
        .collect();
    let anchors = anchors(&desk.folder);
    let anchors: Vec<PathBuf> = std::fs::read_dir(anchors)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let task = json!({
        "base": desk.base(),
        "version": version,
        "token": desk.callers[0],
        "credential": desk.credential(),
        "pss": changes["pss"].as_bool().unwrap_or(false),
        "digest": changes["digest"].as_str().unwrap_or("sha256"),
        "anchors": anchors,
        "files": targets.iter().map(|target| (&source, target)).collect::<Vec<_>>(),
    });
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(task.to_string().as_bytes()).unwrap();
    drop(input);
    let over = AtomicBool::new(false);
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                if desk.unseen_windows() > 0 {
                    desk.window().agree();
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let output = child.wait_with_output();
        over.store(true, Ordering::SeqCst);
        output.unwrap()
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    (serde_json::from_slice(&output.stdout).unwrap(), targets)
}

fn holds(desk: &Desk, path: &Path) {
    let octets = std::fs::read(path).unwrap();
    let anchors = anchors_in(&anchors(&desk.folder));
    let report = trien::verify(&octets, &Verification::new(&anchors, now()));
    assert_eq!(report.signatures.len(), 1);
    let facts = &report.signatures[0].facts;
    assert_eq!(facts.integrity, IntegrityFact::Intact);
}

#[test]
fn an_unmodified_csc_signer_signs_on_both_paths_under_every_padding_and_in_batches() {
    let Some(python) = python() else { return };
    let Some(desk) = Desk::new() else { return };
    for (version, changes, mechanism) in [
        ("v1", json!({}), "rsassa_pkcs1v15"),
        ("v2", json!({}), "rsassa_pkcs1v15"),
        ("v1", json!({"pss": true}), "rsassa_pss"),
        ("v2", json!({"digest": "sha512"}), "rsassa_pkcs1v15"),
        ("v2", json!({"count": 5}), "rsassa_pkcs1v15"),
    ] {
        let (found, paths) = sign(&desk, &python, version, &changes);
        let expected = vec![json!([true, true, true, mechanism]); paths.len()];
        assert_eq!(found, json!(expected), "{version} {changes}");
        for path in &paths {
            holds(&desk, path);
        }
        assert_eq!(desk.unseen_windows(), 0, "one window for each batch");
    }
}

#[test]
fn an_unmodified_csc_signer_signs_with_an_elliptic_curve() {
    let Some(python) = python() else { return };
    let (token, _) = elliptic();
    let Some(desk) = Desk::with(&[token], "") else {
        return;
    };
    let (found, paths) = sign(&desk, &python, "v1", &json!({}));
    assert_eq!(found, json!([[true, true, true, "ecdsa"]]));
    holds(&desk, &paths[0]);
}
