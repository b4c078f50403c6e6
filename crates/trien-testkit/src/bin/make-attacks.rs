//! Writes every attack and its control into a folder, with their manifest: to look at them, to try
//! programs on them, to start fuzzing from them.

use std::error::Error;
use std::path::PathBuf;

use trien_testkit::attacks;
use trien_testkit::pki::{PkiSettings, TestPki};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .ok_or("usage: make-attacks FOLDER")?,
    );
    let pki = |name: &str| TestPki::open_or_make(&folder.join(name), PkiSettings::default());
    let (own, foreign) = (pki("keys")?, pki("foreign-keys")?);
    own.write_anchors(&folder.join("anchors"))?;
    let attacks = attacks::all(&own, &foreign);
    for attack in &attacks {
        std::fs::write(folder.join(format!("{}.pdf", attack.id)), &attack.file)?;
    }
    std::fs::write(folder.join("manifest.json"), attacks::manifest(&attacks))?;
    Ok(())
}
