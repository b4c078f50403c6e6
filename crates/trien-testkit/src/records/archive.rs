//! What makes a record PDF/A-2b (ISO 19005-2): XMP metadata and an sRGB output intent, both made
//! here so that nothing needs to be shipped.
//! Knows nothing of the rest of the document.

/// Names the colours the output intent is for.
pub(super) const OUTPUT_CONDITION: &str = "sRGB IEC61966-2.1";

/// The XMP packet (ISO 16684-1) with the PDF/A identification (ISO 19005-2, 6.6.4).
pub(super) fn xmp(title: &str) -> String {
    let mut escaped = String::new();
    for character in title.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n\
         <pdfaid:part>2</pdfaid:part>\n\
         <pdfaid:conformance>B</pdfaid:conformance>\n\
         </rdf:Description>\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{escaped}</rdf:li></rdf:Alt></dc:title>\n\
         </rdf:Description>\n\
         </rdf:RDF>\n\
         </x:xmpmeta>\n\
         <?xpacket end=\"w\"?>"
    )
}

/// A matrix profile for sRGB (ICC.1:2001-04, 6.3.3.2): primaries adapted to D50, gamma 2.2.
pub(super) fn srgb_profile() -> Vec<u8> {
    let xyz = |values: [u32; 3]| {
        let mut data = b"XYZ \0\0\0\0".to_vec();
        for value in values {
            data.extend(value.to_be_bytes());
        }
        data
    };
    // u8Fixed8Number 2.199 is the nearest to 2.2.
    let curve = b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0".to_vec();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description()),
        (
            b"cprt",
            b"text\0\0\0\0No copyright, use freely\0\0\0\0".to_vec(),
        ),
        (b"wtpt", xyz(D50)),
        (b"rXYZ", xyz([0x6FA2, 0x38F5, 0x0390])),
        (b"gXYZ", xyz([0x6299, 0xB785, 0x18DA])),
        (b"bXYZ", xyz([0x24A0, 0x0F84, 0xB6CF])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    const HEADER: usize = 128;
    const TABLE: usize = 4 + 9 * 12;
    let mut table = 9_u32.to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    for (signature, value) in tags {
        let offset = HEADER.saturating_add(TABLE).saturating_add(data.len());
        table.extend_from_slice(signature);
        table.extend(big_endian(offset));
        table.extend(big_endian(value.len()));
        data.extend(value);
        while !data.len().is_multiple_of(4) {
            data.push(0);
        }
    }
    let mut profile = header(HEADER.saturating_add(TABLE).saturating_add(data.len()));
    profile.extend(table);
    profile.extend(data);
    profile
}

/// The profile connection space's white, as s15Fixed16Number.
const D50: [u32; 3] = [0xF6D6, 0x0001_0000, 0xD32D];

/// ICC.1:2001-04, 6.1: 128 octets.
fn header(length: usize) -> Vec<u8> {
    let mut header = big_endian(length).to_vec();
    header.extend([0; 4]);
    header.extend(0x0210_0000_u32.to_be_bytes());
    header.extend_from_slice(b"mntrRGB XYZ ");
    for part in [2026_u16, 1, 1, 0, 0, 0] {
        header.extend(part.to_be_bytes());
    }
    header.extend_from_slice(b"acsp");
    header.extend([0; 28]);
    for part in D50 {
        header.extend(part.to_be_bytes());
    }
    header.resize(128, 0);
    header
}

/// textDescriptionType (ICC.1:2001-04, 6.5.17) in ASCII alone.
fn description() -> Vec<u8> {
    let text = OUTPUT_CONDITION.as_bytes();
    let mut value = b"desc\0\0\0\0".to_vec();
    value.extend(big_endian(text.len().saturating_add(1)));
    value.extend_from_slice(text);
    value.push(0);
    value.extend([0; 4 + 4 + 2 + 1 + 67]);
    value
}

fn big_endian(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}
