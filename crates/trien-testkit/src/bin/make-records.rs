//! Writes the sample records into a folder, to look at them and to try programs on them.

use std::error::Error;
use std::path::PathBuf;

use trien_testkit::records::{self, Conformance, SignatureFields};
use trien_testkit::structures::{Structure, write};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .ok_or("usage: make-records FOLDER")?,
    );
    std::fs::create_dir_all(&folder)?;
    let save = |name: &str, document: &records::PlainDocument| {
        std::fs::write(folder.join(name), write(document, Structure::ClassicTable))
    };
    let plain = (SignatureFields::Absent, Conformance::Plain);
    let archived = (SignatureFields::Prepared, Conformance::PdfA2b);
    save(
        "hoc-ba.pdf",
        &records::school_report(2, plain.0, plain.1)?.document,
    )?;
    save(
        "hoc-ba-pdfa.pdf",
        &records::school_report(2, archived.0, archived.1)?.document,
    )?;
    save(
        "hoc-ba-lop.pdf",
        &records::class_reports(45, archived.0, archived.1)?.document,
    )?;
    save("so-quet.pdf", &records::scanned_pages(9))?;
    let register = std::fs::File::create(folder.join("so-dang-bo.pdf"))?;
    records::many_pages(register, 20_000)?;
    let report = records::school_report(2, archived.0, plain.1)?.document;
    for structure in Structure::ALL {
        let name: String = format!("{structure:?}.pdf");
        std::fs::write(folder.join(name), write(&report, structure))?;
    }
    Ok(())
}
