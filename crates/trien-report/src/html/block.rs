//! A block of data in the page: a script element that no browser runs.
//! Knows no data.

use std::io::{self, Write};

/// The place of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    id: String,
}

impl Block {
    pub(super) fn new(name: &str) -> Self {
        Self {
            id: name.to_owned(),
        }
    }

    pub(super) fn numbered(name: &str, number: usize) -> Self {
        Self {
            id: format!("{name}-{number}"),
        }
    }

    /// Writes JSON so that no text in it ends the element, begins a comment or a line: in JSON these
    /// characters stand in strings alone, where an escape means the same.
    pub(super) fn write(&self, out: &mut impl Write, json: &[u8]) -> io::Result<()> {
        write!(out, "<script type=\"application/json\" id=\"{}\">", self.id)?;
        let mut rest = json;
        while let Some(at) = rest.iter().position(|octet| is_special(*octet)) {
            let (plain, from) = rest.split_at(at);
            out.write_all(plain)?;
            rest = match from {
                [b'<', rest @ ..] => escaped(out, b"\\u003c", rest)?,
                [b'>', rest @ ..] => escaped(out, b"\\u003e", rest)?,
                [b'&', rest @ ..] => escaped(out, b"\\u0026", rest)?,
                [0xE2, 0x80, 0xA8, rest @ ..] => escaped(out, b"\\u2028", rest)?,
                [0xE2, 0x80, 0xA9, rest @ ..] => escaped(out, b"\\u2029", rest)?,
                [other, rest @ ..] => escaped(out, &[*other], rest)?,
                [] => from,
            };
        }
        out.write_all(rest)?;
        out.write_all(b"</script>\n")
    }
}

const fn is_special(octet: u8) -> bool {
    matches!(octet, b'<' | b'>' | b'&' | 0xE2)
}

fn escaped<'r>(out: &mut impl Write, escape: &[u8], rest: &'r [u8]) -> io::Result<&'r [u8]> {
    out.write_all(escape)?;
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_stay_texts() {
        for text in [
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "]]>&lt;\u{2028}\u{2029}\u{202E}…–“học bạ”",
        ] {
            let json = serde_json::to_vec(text).unwrap();
            let mut out = Vec::new();
            Block::numbered("rows", 3).write(&mut out, &json).unwrap();
            let page = String::from_utf8(out).unwrap();
            let inside = page
                .strip_prefix("<script type=\"application/json\" id=\"rows-3\">")
                .and_then(|page| page.strip_suffix("</script>\n"))
                .unwrap();
            assert!(!inside.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
            assert_eq!(serde_json::from_str::<String>(inside).unwrap(), text);
        }
    }
}
