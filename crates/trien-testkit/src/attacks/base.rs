//! The document that is attacked: two pages of marks, a form, a seal, a note, a strip across the
//! page edges; and signatures on it.
//! Knows nothing of the attacks.

use super::cms::Cms;
use super::update::{RawFile, RawUpdate, stream};
use crate::pki::{Identity, Role, TestPki};

pub(super) const CATALOG: u32 = 1;
pub(super) const PAGES: u32 = 2;
pub(super) const PAGE_1: u32 = 3;
pub(super) const PAGE_2: u32 = 4;
pub(super) const CONTENT_1: u32 = 5;
pub(super) const CONTENT_2: u32 = 6;
pub(super) const RESOURCES: u32 = 7;
pub(super) const FORM: u32 = 8;
pub(super) const FONT: u32 = 9;
pub(super) const OTHER_FONT: u32 = 10;
pub(super) const IMAGE: u32 = 11;
pub(super) const REMARK: u32 = 12;
pub(super) const PARENT_FIELD: u32 = 13;
pub(super) const FIELD_A_B: u32 = 14;
pub(super) const FIELD_AB: u32 = 15;
pub(super) const REMARK_LOOK: u32 = 16;
pub(super) const PRINCIPAL: u32 = 17;
pub(super) const SEAL_LOOK: u32 = 18;
pub(super) const SEAL_IMAGE: u32 = 19;
pub(super) const METADATA: u32 = 20;
pub(super) const INFO: u32 = 21;
pub(super) const NOTE: u32 = 22;
pub(super) const POPUP: u32 = 23;
pub(super) const STRIP: u32 = 24;
pub(super) const STRIP_LOOK: u32 = 25;
pub(super) const SEAL: u32 = 26;
pub(super) const LENGTH: u32 = 27;
pub(super) const OUTLINES: u32 = 28;
pub(super) const OUTLINE: u32 = 29;
/// Nothing refers to it: other marks, prepared before signing (S5).
pub(super) const HIDDEN: u32 = 30;
pub(super) const PRINCIPAL_LOOK: u32 = 31;
/// The first number that the document leaves free; page 2 refers to it (S4).
pub(super) const DANGLING: u32 = 32;

pub(super) const MARKS: &str = "BT /F1 14 Tf 60 760 Td (Diem trung binh: 5.0) Tj ET";
pub(super) const OTHER_MARKS: &str = "BT /F1 14 Tf 60 760 Td (Diem trung binh: 9.0) Tj ET";
pub(super) const LOOK: &str = "BT /F1 10 Tf 2 4 Td (Dat) Tj ET";
pub(super) const CATALOG_BODY: &str = "<< /Type /Catalog /Pages 2 0 R /AcroForm 8 0 R \
     /Metadata 20 0 R /Outlines 28 0 R >>";
pub(super) const PAGE_1_ANNOTATIONS: &str =
    "12 0 R 14 0 R 15 0 R 17 0 R 22 0 R 23 0 R 24 0 R 26 0 R";
pub(super) const FIELDS: &str = "12 0 R 13 0 R 15 0 R 17 0 R 26 0 R";
pub(super) const PRINCIPAL_FIELD: &str = "/FT /Sig /T (HieuTruong) /Type /Annot \
     /Subtype /Widget /Rect [300 100 400 150] /P 3 0 R /F 132 /AP << /N 31 0 R >>";
pub(super) const SEAL_FIELD: &str = "/FT /Sig /T (ConDau) /Type /Annot /Subtype /Widget \
     /Rect [250 80 350 180] /P 3 0 R /F 132 /AP << /N 18 0 R >>";
pub(super) const REMARK_FIELD: &str = "/FT /Tx /T (NhanXet) /Type /Annot /Subtype /Widget \
     /Rect [60 600 260 620] /P 3 0 R /F 4 /DA (/F1 10 Tf) /AP << /N 16 0 R >>";

/// A page with these annotations and these contents.
pub(super) fn page_1(annotations: &str, content: &str) -> String {
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R \
         /Contents {content} /Annots [{annotations}] >>"
    )
}

/// The form with these fields and entries.
pub(super) fn form(fields: &str, entries: &str) -> String {
    format!(
        "<< /Fields [{fields}] /SigFlags 3 /DA (/F1 10 Tf) \
         /DR << /Font << /F1 9 0 R >> >> {entries} >>"
    )
}

/// Well-formed metadata (XMP).
pub(super) fn metadata(title: &str, prologue: &str) -> String {
    let data = format!(
        "{prologue}<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description \
         rdf:about=\"\">{title}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    stream("/Type /Metadata /Subtype /XML", &data)
}

/// A form `XObject` that draws `data` in a square of `size` points.
pub(super) fn look(size: &str, data: &str) -> String {
    let entries = format!(
        "/Type /XObject /Subtype /Form /BBox [0 0 {size}] /Resources << /Font << /F1 9 0 R >> \
         /XObject << /Im0 19 0 R >> >>"
    );
    stream(&entries, data)
}

/// Four grey samples.
pub(super) fn image(samples: &str) -> String {
    let entries = "/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 \
                   /ColorSpace /DeviceGray /Filter /ASCIIHexDecode";
    stream(entries, samples)
}

/// The objects of the document, to be changed before it is written.
pub(super) fn objects() -> Vec<(u32, String)> {
    let numbered = [
        (CATALOG, CATALOG_BODY.to_owned()),
        (PAGES, "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_owned()),
        (PAGE_1, page_1(PAGE_1_ANNOTATIONS, "5 0 R")),
        (
            PAGE_2,
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << \
             /F1 9 0 R >> /XObject << /Im2 32 0 R >> >> /Contents 6 0 R >>"
                .to_owned(),
        ),
        (CONTENT_1, stream("", &format!("{MARKS} /Im1 Do"))),
        (
            CONTENT_2,
            "<< /Length 27 0 R >>\nstream\nBT /F1 14 Tf 60 760 Td (Trang 2) Tj ET /Im2 Do\nendstream"
                .to_owned(),
        ),
        (
            RESOURCES,
            "<< /Font << /F1 9 0 R /F2 10 0 R >> /XObject << /Im1 11 0 R >> >>".to_owned(),
        ),
        (FORM, form(FIELDS, "")),
        (
            FONT,
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        ),
        (
            OTHER_FONT,
            "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".to_owned(),
        ),
        (IMAGE, image("00FF00FF>")),
        (REMARK, format!("<< {REMARK_FIELD} /V (Dat) >>")),
        (
            PARENT_FIELD,
            "<< /T (a) /FT /Tx /Kids [14 0 R] >>".to_owned(),
        ),
        (
            FIELD_A_B,
            "<< /T (b) /Parent 13 0 R /Type /Annot /Subtype /Widget /Rect [60 500 160 520] \
             /P 3 0 R /F 4 /V (mot) >>"
                .to_owned(),
        ),
        (
            FIELD_AB,
            "<< /T (ab) /FT /Tx /Type /Annot /Subtype /Widget /Rect [60 470 160 490] /P 3 0 R \
             /F 4 /V (hai) >>"
                .to_owned(),
        ),
        (REMARK_LOOK, look("200 20", LOOK)),
        (PRINCIPAL, format!("<< {PRINCIPAL_FIELD} >>")),
        (SEAL_LOOK, look("100 100", "q 100 0 0 100 0 0 cm /Im0 Do Q")),
        (SEAL_IMAGE, image("FF0000FF>")),
        (METADATA, metadata("Hoc ba", "")),
        (INFO, "<< /Title (Hoc ba) >>".to_owned()),
        (
            NOTE,
            "<< /Type /Annot /Subtype /Text /Rect [500 700 520 720] /P 3 0 R /F 4 \
             /Contents (Da doi chieu) /Popup 23 0 R >>"
                .to_owned(),
        ),
        (
            POPUP,
            "<< /Type /Annot /Subtype /Popup /Rect [500 600 590 700] /P 3 0 R /Parent 22 0 R >>"
                .to_owned(),
        ),
        (
            STRIP,
            "<< /Type /Annot /Subtype /Stamp /Rect [565 300 595 500] /P 3 0 R /F 4 \
             /Contents (Giap lai) /AP << /N 25 0 R >> >>"
                .to_owned(),
        ),
        (STRIP_LOOK, look("30 200", "q 30 0 0 200 0 0 cm /Im0 Do Q")),
        (SEAL, format!("<< {SEAL_FIELD} >>")),
        (LENGTH, "46".to_owned()),
        (
            OUTLINES,
            "<< /Type /Outlines /First 29 0 R /Last 29 0 R /Count 1 >>".to_owned(),
        ),
        (
            OUTLINE,
            "<< /Title (Hoc ba) /Parent 28 0 R /Dest [3 0 R /Fit] >>".to_owned(),
        ),
        (HIDDEN, stream("", OTHER_MARKS)),
        (PRINCIPAL_LOOK, look("100 50", "BT /F1 10 Tf 2 4 Td (Hieu truong) Tj ET")),
    ];
    numbered.to_vec()
}

/// The document with some objects other than usual.
pub(super) fn document_with(changed: &[(u32, &str)]) -> RawFile {
    let mut update = RawUpdate::first(CATALOG);
    update.trailer = format!("/Info {INFO} 0 R");
    let mut objects = objects();
    for (number, body) in changed {
        match objects.iter_mut().find(|(known, _)| known == number) {
            Some((_, old)) => *old = (*body).to_owned(),
            None => objects.push((*number, (*body).to_owned())),
        }
    }
    for (number, body) in objects {
        update.object(number, body);
    }
    update.size = update.size.max(DANGLING + 1);
    update.table()
}

/// How a signature is made; change any part before [`Signing::sign`].
pub(super) struct Signing<'p> {
    pki: &'p TestPki,
    pub(super) role: Role,
    /// Number of the field, and its entries without /V.
    pub(super) field: (u32, String),
    /// Entries of the signature dictionary besides the usual.
    pub(super) entries: String,
    pub(super) sub_filter: &'static str,
    /// The catalogue that comes with it: /Perms of a certification.
    pub(super) catalog: Option<String>,
    /// Other objects that come with it.
    pub(super) objects: Vec<(u32, String)>,
    /// Octets of CMS there is room for.
    pub(super) room: usize,
    /// How its parts stand.
    pub(super) form: Box<dyn Fn(&Parts) -> String>,
}

/// What a signature dictionary is put together from.
pub(super) struct Parts {
    /// Everything but /`ByteRange` and /Contents.
    pub(super) entries: String,
    /// A range in a fixed width, to be filled in.
    pub(super) byte_range: String,
    /// A hexadecimal string of zeros, to be filled in.
    pub(super) contents: String,
}

/// Stands for the numbers of a range until they are known.
const RANGE_PLACE: &str = "[0 0000000000 0000000000 0000000000]";

/// A signed file, with where its parts are.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) file: RawFile,
    /// Number of the signature dictionary.
    pub(super) dictionary: u32,
    /// From `<` to behind `>`.
    pub(super) gap: (usize, usize),
}

impl<'p> Signing<'p> {
    pub(super) fn new(pki: &'p TestPki, role: Role) -> Self {
        let field = match role {
            Role::SchoolSeal => (SEAL, SEAL_FIELD),
            _ => (PRINCIPAL, PRINCIPAL_FIELD),
        };
        Self {
            pki,
            role,
            field: (field.0, field.1.to_owned()),
            entries: String::new(),
            sub_filter: "ETSI.CAdES.detached",
            catalog: None,
            objects: Vec::new(),
            room: 4_096,
            form: Box::new(|parts| {
                format!(
                    "<< {} /ByteRange {} /Contents {} >>",
                    parts.entries, parts.byte_range, parts.contents
                )
            }),
        }
    }

    /// Entries of a certification with this permission (12.8.2.2), and /Perms.
    pub(super) fn certifying(mut self, file: &RawFile, permission: u8) -> Self {
        self.entries = certification(permission);
        let catalog = CATALOG_BODY.trim_end_matches(">>");
        self.catalog = Some(format!(
            "{catalog}/Perms << /DocMDP {} 0 R >> >>",
            file.size
        ));
        self
    }

    pub(super) fn identity(&self) -> &'p Identity {
        self.pki.identity(self.role).unwrap()
    }

    /// Signs soundly.
    pub(super) fn sign(&self, file: &RawFile) -> Signed {
        self.sign_as(file, |signed| Cms::new(self.identity(), signed).make())
    }

    /// Signs with whatever `cms` makes of the signed octets.
    pub(super) fn sign_as(&self, file: &RawFile, cms: impl FnOnce(&[u8]) -> Vec<u8>) -> Signed {
        let mut update = file.update();
        let dictionary = update.allocate();
        let (field, entries) = &self.field;
        update.object(*field, format!("<< {entries} /V {dictionary} 0 R >>"));
        if let Some(catalog) = &self.catalog {
            update.object(CATALOG, catalog);
        }
        for (number, body) in &self.objects {
            update.object(*number, body);
        }
        let body = (self.form)(&self.parts());
        update.object(dictionary, body);
        let file = update.table();
        self.fill(file, dictionary, cms)
    }

    pub(super) fn parts(&self) -> Parts {
        Parts {
            entries: format!(
                "/Type /Sig /Filter /Adobe.PPKLite /SubFilter /{} /M (D:20260531080000+07'00') {}",
                self.sub_filter, self.entries
            ),
            byte_range: RANGE_PLACE.to_owned(),
            contents: format!("<{}>", "0".repeat(2 * self.room)),
        }
    }

    /// Fixes the range, signs, and fills the last gap of the file.
    pub(super) fn fill(
        &self,
        mut file: RawFile,
        dictionary: u32,
        cms: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Signed {
        let zeros = format!("<{}>", "0".repeat(2 * self.room));
        let start = file.find_last(&zeros);
        let gap = (start, start + zeros.len());
        let rest = file.octets.len() - gap.1;
        let range = format!("[0 {:010} {:010} {rest:010}]", gap.0, gap.1);
        let at = file.find_last(RANGE_PLACE);
        file.octets[at..at + range.len()].copy_from_slice(range.as_bytes());
        let signed = [&file.octets[..gap.0], &file.octets[gap.1..]].concat();
        let digits: String = cms(&signed)
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        assert!(digits.len() <= 2 * self.room, "{} digits", digits.len());
        file.octets[start + 1..start + 1 + digits.len()].copy_from_slice(digits.as_bytes());
        Signed {
            file,
            dictionary,
            gap,
        }
    }
}

/// The reference that makes a signature a certification.
pub(super) fn certification(permission: u8) -> String {
    format!(
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << \
         /Type /TransformParams /P {permission} /V /1.2 >> >>]"
    )
}

/// The reference that locks fields.
pub(super) fn field_lock(parameters: &str) -> String {
    format!(
        "/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << \
         /Type /TransformParams {parameters} /V /1.2 >> >>]"
    )
}
