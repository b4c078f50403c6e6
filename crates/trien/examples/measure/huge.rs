//! A file of any size, made as a hole, signed twice and verified: offsets beyond ten digits, and
//! memory that stays flat.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde_json::json;
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{Document, DocumentConclusion, Limits, MappedFile, SignatureRequest, Verification};
use trien_testkit::pki::Role;
use trien_testkit::records::sparse_scan;

use crate::inputs::{key, pki};
use crate::{JUDGED_AT, SIGNED_AT};

const GIB: u64 = 1 << 30;

pub(crate) fn run(folder: &Path, gibibytes: u64) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let pki = pki(folder)?;
    pki.write_anchors(&folder.join("anchors"))?;
    let anchors =
        TrustAnchors::read_dir(&folder.join("anchors"), &FolderLimits::default())?.anchors;
    let path = folder.join("huge.pdf");
    sparse_scan(&path, gibibytes * GIB + 4_097)?;
    let start = Instant::now();
    for role in [Role::HomeroomTeacher, Role::SchoolSeal] {
        let appended = {
            let file = MappedFile::open(&path)?;
            let document = Document::open(&file, &Limits::default())?;
            let request = SignatureRequest::new(role.label(), SIGNED_AT);
            let signed = trien::sign(&document, &mut key(pki.identity(role)?)?, request)?;
            signed.appended().to_vec()
        };
        let mut file = OpenOptions::new().append(true).open(&path)?;
        file.write_all(&appended)?;
    }
    let signed = start.elapsed();
    let start = Instant::now();
    let file = MappedFile::open(&path)?;
    let report = trien::verify(&file, &Verification::new(&anchors, JUDGED_AT));
    let verified = start.elapsed();
    let sound = report.signatures.len() == 2
        && matches!(
            report.conclusion,
            DocumentConclusion::Valid | DocumentConclusion::Indeterminate
        );
    println!(
        "{}",
        json!({
            "octets": file.len(),
            "signed_twice_seconds": signed.as_secs_f64(),
            "verified_seconds": verified.as_secs_f64(),
            "own_memory": own_memory(),
            "holds": sound,
        })
    );
    drop(file);
    fs::remove_file(&path)?;
    if sound {
        Ok(())
    } else {
        Err(format!("{report:?}").into())
    }
}

/// Memory of this process that is no file's, as the system says it.
fn own_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    line.unwrap_or("unknown").trim().to_owned()
}
