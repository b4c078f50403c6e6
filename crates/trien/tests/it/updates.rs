//! Incremental updates of plain files, written by hand: what others may have appended.
//! Knows files with a classic table and the header in the first octet alone.

/// `file` and one revision that sets these objects, in the form of ISO 32000-2, 7.5.6.
pub(crate) fn with_update(file: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let previous = number_behind(file, "startxref");
    let size = number_behind(file, "/Size");
    let root = number_behind(file, "/Root");
    let mut updated = file.to_vec();
    let mut table = "xref\n".to_owned();
    let mut highest = size;
    for (number, body) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", updated.len()));
        updated.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        highest = highest.max(*number as usize + 1);
    }
    let start = updated.len();
    let trailer = format!(
        "{table}trailer\n<< /Size {highest} /Root {root} 0 R /Prev {previous} >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    updated.extend_from_slice(trailer.as_bytes());
    updated
}

/// The number that stands behind the last occurrence of a word.
pub(crate) fn number_behind(file: &[u8], word: &str) -> usize {
    let mut windows = file.windows(word.len());
    let at = windows
        .rposition(|window| window == word.as_bytes())
        .unwrap();
    let digits: String = file[at + word.len()..]
        .iter()
        .map(|octet| char::from(*octet))
        .skip_while(|character| character.is_whitespace())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap()
}
