//! Which fonts a page relies on that are not in its file.
//! Reads no font program: what is there may still be wrong, which the renderer says.

use trien::{Dictionary, Document, Object};

/// Kinds of fonts and of descendants of composite ones that need a program (ISO 32000-2, table 108).
/// Type 3 fonts are content streams, and Type 0 fonts have a descendant.
const WITH_PROGRAM: [&str; 5] = [
    "Type1",
    "MMType1",
    "TrueType",
    "CIDFontType0",
    "CIDFontType2",
];

/// Where a program stands in a font's descriptor (9.9).
const PROGRAMS: [&str; 3] = ["FontFile", "FontFile2", "FontFile3"];

/// Beginnings of names of fonts that every program has, the standard 14 (9.6.2.2), and of those that
/// Acrobat has always taken for them.
const EVERYWHERE: [&str; 8] = [
    "Helvetica",
    "Times",
    "Courier",
    "Symbol",
    "ZapfDingbats",
    "Arial",
    "TimesNewRoman",
    "CourierNew",
];

/// What may stand behind such a beginning.
const STYLES: [&str; 12] = [
    "",
    "PSMT",
    "PS",
    "MT",
    "Bold",
    "Italic",
    "Oblique",
    "Roman",
    "BoldItalic",
    "BoldOblique",
    "BoldMT",
    "ItalicMT",
];

/// Most names of an encoding that are looked at: an encoding has 256 codes.
const MOST_NAMES: usize = 512;

/// Parts of names of letters that the standard Latin set (annex D.2) does not have and Vietnamese and
/// other names do: a font of another program has them, or another one, or none.
const BEYOND_LATIN: [&str; 6] = ["uni", "afii", "horn", "hook", "dotbelow", "croat"];

/// Whether this is a font whose letters come from elsewhere than the file, and not from one that every
/// program has in the same way.
pub(super) fn is_elsewhere(document: &Document<'_>, font: &Dictionary) -> bool {
    let name = |key| {
        let value = document.value(font, key, document.latest()).ok()?;
        let octets = value.as_name()?.as_octets().to_vec();
        Some(String::from_utf8_lossy(&octets).into_owned())
    };
    // Many programs leave the type out; a name of a font and its kind are enough for all of them.
    let (Some(kind), Some(base)) = (name("Subtype"), name("BaseFont")) else {
        return false;
    };
    if !WITH_PROGRAM.contains(&kind.as_str()) || has_program(document, font) {
        return false;
    }
    let is_simple = !kind.starts_with("CID");
    !(is_simple && is_everywhere(&base) && has_latin_letters(document, font))
}

fn has_program(document: &Document<'_>, font: &Dictionary) -> bool {
    let descriptor = document.value(font, "FontDescriptor", document.latest());
    let descriptor = descriptor.ok().and_then(|one| one.as_dictionary().cloned());
    descriptor.is_some_and(|one| PROGRAMS.iter().any(|key| one.get(key).is_some()))
}

fn is_everywhere(name: &str) -> bool {
    EVERYWHERE.iter().any(|start| {
        let style = name.strip_prefix(start);
        let style = style.map(|rest| rest.trim_start_matches(['-', ',', ' ']));
        style.is_some_and(|style| {
            let style = style.strip_prefix("PS-").unwrap_or(style);
            STYLES.contains(&style) || STYLES.contains(&style.trim_end_matches("MT"))
        })
    })
}

/// Whether an encoding keeps to the letters that these fonts have.
fn has_latin_letters(document: &Document<'_>, font: &Dictionary) -> bool {
    let encoding = document.value(font, "Encoding", document.latest());
    let encoding = encoding.ok().and_then(|one| one.as_dictionary().cloned());
    let Some(encoding) = encoding else {
        return true;
    };
    let differences = document.value(&encoding, "Differences", document.latest());
    let differences = differences.ok();
    let names = differences.as_ref().and_then(Object::as_array);
    !names
        .unwrap_or_default()
        .iter()
        .take(MOST_NAMES)
        .any(|one| {
            let Some(name) = one.as_name() else {
                return false;
            };
            let name = String::from_utf8_lossy(name.as_octets()).into_owned();
            BEYOND_LATIN.iter().any(|part| name.contains(part))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_fonts_are_everywhere_and_others_are_not() {
        for name in [
            "Helvetica",
            "Helvetica-BoldOblique",
            "Times-Roman",
            "Courier-Bold",
            "Symbol",
            "ZapfDingbats",
            "ArialMT",
            "Arial,Bold",
            "Arial-BoldItalicMT",
            "TimesNewRomanPSMT",
            "TimesNewRomanPS-BoldMT",
            "TimesNewRoman,Italic",
            "CourierNew",
        ] {
            assert!(is_everywhere(name), "{name}");
        }
        for name in [
            "Wingdings",
            "Arial-Black",
            "ArialUnicodeMS",
            "ArialNarrow",
            ".VnTime",
            "VNI-Times",
            "TimesTen",
            "HelveticaNeue",
            "ABCDEF+Helvetica",
        ] {
            assert!(!is_everywhere(name), "{name}");
        }
    }
}
