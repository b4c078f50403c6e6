//! The name under which a browser saves a signed document (RFC 6266, RFC 8187).
//! Opens no file: the name is only said.

/// Characters of the name that is said; file systems take 255 octets.
const LONGEST: usize = 60;

/// `Content-Disposition` for a document that its caller calls `name`.
pub(super) fn attachment(name: &str, number: u32) -> String {
    let safe = safe(name);
    let encoded: String = safe.bytes().map(encode).collect();
    format!("attachment; filename=\"signed-{number}.pdf\"; filename*=UTF-8''{encoded}")
}

/// The name without what is part of a path, and with `.pdf` behind it.
fn safe(name: &str) -> String {
    let stem = match name.char_indices().rev().nth(3) {
        Some((at, _))
            if name
                .get(at..)
                .is_some_and(|end| end.eq_ignore_ascii_case(".pdf")) =>
        {
            name.get(..at).unwrap_or(name)
        }
        _ => name,
    };
    let stem: String = stem
        .chars()
        .map(|letter| match letter {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            letter if letter.is_control() => '_',
            letter => letter,
        })
        .take(LONGEST)
        .collect();
    // A name that begins with a dot is hidden, one that ends with one or a blank is cut by Windows.
    let stem = stem.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    // What joined an emoji with one that was cut off joins nothing.
    let stem = stem.trim_end_matches('\u{200d}');
    if stem.is_empty() {
        "signed.pdf".to_owned()
    } else {
        format!("{stem}.pdf")
    }
}

/// An octet as RFC 8187 writes it.
fn encode(octet: u8) -> String {
    if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
        char::from(octet).to_string()
    } else {
        format!("%{octet:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_ends_in_pdf() {
        for (name, expected) in [
            ("Học bạ.pdf", "Học bạ.pdf"),
            ("Học bạ.PDF", "Học bạ.pdf"),
            ("../../etc/passwd", "_.._etc_passwd.pdf"),
            ("C:\\a\\b.exe", "C__a_b.exe.pdf"),
            ("...", "signed.pdf"),
            (".pdf", "signed.pdf"),
            ("ề", "ề.pdf"),
            ("Học bạ ❤️.pdf", "Học bạ ❤️.pdf"),
        ] {
            assert_eq!(safe(name), expected, "{name}");
        }
        assert!(safe(&"ề".repeat(300)).len() < 255);
    }

    #[test]
    fn the_header_is_plain_text() {
        let header = attachment("Lớp 1\"; x=\"y\r\n.pdf", 3);
        assert_eq!(
            header,
            "attachment; filename=\"signed-3.pdf\"; \
             filename*=UTF-8''L%E1%BB%9Bp%201_%3B%20x%3D_y__.pdf"
        );
    }
}
