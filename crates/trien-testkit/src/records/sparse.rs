//! A document larger than any memory: its one picture is a hole in the file, which takes no room on
//! a disk that knows holes and reads as zeros everywhere.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "offsets of a file that a test asked for: overflow is a failed test"
)]

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// The largest offset that a cross-reference table can hold (ISO 32000-2, 7.5.4): ten digits.
const LARGEST_IN_TABLE: u64 = 9_999_999_999;

/// Writes a page with a picture of so many octets. Cross-references are a table where its ten digits
/// are enough, else a stream with offsets of eight octets.
///
/// # Errors
/// The file cannot be written, such as where its file system does not take files of that size.
pub fn sparse_scan(path: &Path, octets: u64) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut offsets = Vec::new();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Contents 4 0 R \
         /Resources << /XObject << /Scan 5 0 R >> >> >>"
            .to_owned(),
        "<< /Length 33 >>\nstream\nq 595 0 0 842 0 0 cm /Scan Do Q  \nendstream".to_owned(),
    ];
    file.write_all(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")?;
    for (number, body) in (1..).zip(&objects) {
        offsets.push(file.stream_position()?);
        write!(file, "{number} 0 obj\n{body}\nendobj\n")?;
    }
    offsets.push(file.stream_position()?);
    write!(
        file,
        "5 0 obj\n<< /Type /XObject /Subtype /Image /Width 10000 /Height {} /BitsPerComponent 8 \
         /ColorSpace /DeviceGray /Length {octets} >>\nstream\n",
        octets / 10_000
    )?;
    let data = file.stream_position()?;
    file.seek(SeekFrom::Start(data + octets))?;
    write!(file, "\nendstream\nendobj\n")?;
    let start = file.stream_position()?;
    if start > LARGEST_IN_TABLE {
        offsets.push(start);
        write!(
            file,
            "6 0 obj\n<< /Type /XRef /Size 7 /W [ 1 8 2 ] /Root 1 0 R /Length 77 >>\nstream\n"
        )?;
        file.write_all(&[0; 11])?;
        for offset in &offsets {
            file.write_all(&[1])?;
            file.write_all(&offset.to_be_bytes())?;
            file.write_all(&[0, 0])?;
        }
        write!(file, "\nendstream\nendobj\n")?;
    } else {
        write!(file, "xref\n0 6\n0000000000 65535 f \n")?;
        for offset in &offsets {
            writeln!(file, "{offset:010} 00000 n ")?;
        }
        writeln!(file, "trailer\n<< /Size 6 /Root 1 0 R >>")?;
    }
    write!(file, "startxref\n{start}\n%%EOF\n")?;
    file.flush()
}
