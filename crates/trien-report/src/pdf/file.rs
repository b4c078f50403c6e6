//! Sheets as a PDF file (ISO 32000-2) that keeps PDF/A-2b (ISO 19005-2): the font is embedded, black is
//! a calibrated one, and nothing else is in it; with an attachment PDF/A-3b (ISO 19005-3), which
//! differs in that alone.
//! Knows nothing of what stands on the sheets.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{AssociationKind, PageMode};
use pdf_writer::{Chunk, Content, Filter, Finish, Name, Rect, Ref, Settings, Str, TextStr};
use sha2::{Digest as _, Sha256};
use trien::appearance::{AppearanceError, EmbeddedFont};

use super::sheets::{HEIGHT, Mark, Sheet, WIDTH};

/// White of D65 over its green, as sRGB has it.
const WHITE: [f32; 3] = [0.9505, 1.0, 1.089];

/// The gamma that is nearest to sRGB's curve.
const GAMMA: f32 = 2.2;

const FONT: Name<'static> = Name(b"F");
const GREY: Name<'static> = Name(b"G");

/// What the file says of itself.
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    /// As in HTML: `vi`, `en`.
    pub(super) language: &'a str,
    pub(super) attachment: Option<Attachment<'a>>,
}

/// A file inside the file (ISO 32000-2, 7.11.4 and 14.13).
#[derive(Clone, Copy)]
pub(super) struct Attachment<'a> {
    pub(super) name: &'a str,
    pub(super) media_type: &'a str,
    pub(super) says: &'a str,
    pub(super) octets: &'a [u8],
}

/// Objects with their numbers, in the order in which they are written.
#[derive(Default)]
struct Objects {
    next: u32,
    written: Vec<(u32, Vec<u8>)>,
}

impl Objects {
    fn allocate(&mut self) -> u32 {
        self.next = self.next.saturating_add(1);
        self.next
    }

    fn reference(number: u32) -> Ref {
        // Some hundred objects; a number that is none would be found by every reader.
        Ref::new(i32::try_from(number).unwrap_or(i32::MAX))
    }

    fn add(&mut self, number: u32, write: impl FnOnce(&mut Chunk, Ref)) {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        write(&mut chunk, Self::reference(number));
        self.written.push((number, chunk.as_bytes().to_vec()));
    }
}

/// Writes the file.
pub(super) fn write(
    sheets: &[Sheet],
    font: &EmbeddedFont,
    about: &About<'_>,
) -> Result<Vec<u8>, AppearanceError> {
    let mut objects = Objects::default();
    let [catalogue, pages, metadata] = [(); 3].map(|()| objects.allocate());
    let font_objects = font.write(&mut || objects.allocate())?;
    for object in font_objects.objects {
        let mut whole = format!("{} 0 obj\n", object.number).into_bytes();
        whole.extend(object.body);
        whole.extend(b"\nendobj\n");
        objects.written.push((object.number, whole));
    }
    let font_reference = Objects::reference(font_objects.root);
    let mut kids = Vec::new();
    for sheet in sheets {
        let [page, content] = [(); 2].map(|()| objects.allocate());
        kids.push(Objects::reference(page));
        objects.add(page, |chunk, reference| {
            let mut page = chunk.page(reference);
            page.parent(Objects::reference(pages))
                .media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT))
                .contents(Objects::reference(content));
            let mut resources = page.resources();
            resources.fonts().pair(FONT, font_reference);
            resources
                .color_spaces()
                .insert(GREY)
                .start::<pdf_writer::writers::ColorSpace<'_>>()
                .cal_gray(WHITE, None, Some(GAMMA));
        });
        let drawn = deflated(&drawn(sheet, font)?);
        objects.add(content, |chunk, reference| {
            chunk.stream(reference, &drawn).filter(Filter::FlateDecode);
        });
    }
    objects.add(pages, |chunk, reference| {
        let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
        chunk.pages(reference).kids(kids).count(count);
    });
    objects.add(metadata, |chunk, reference| {
        chunk.metadata(reference, xmp(about).as_bytes());
    });
    let specification = about.attachment.map(|attachment| {
        let [specification, embedded] = [(); 2].map(|()| objects.allocate());
        attach(&mut objects, &attachment, (specification, embedded));
        (attachment.name, Objects::reference(specification))
    });
    objects.add(catalogue, |chunk, reference| {
        let mut catalogue = chunk
            .indirect(reference)
            .start::<pdf_writer::writers::Catalog<'_>>();
        catalogue
            .pages(Objects::reference(pages))
            .metadata(Objects::reference(metadata))
            .lang(TextStr(about.language));
        catalogue.viewer_preferences().display_doc_title(true);
        if let Some((name, specification)) = specification {
            let mut names = catalogue.names();
            let mut files = names.embedded_files();
            files.names().insert(Str(name.as_bytes()), specification);
            files.finish();
            names.finish();
            catalogue.insert(Name(b"AF")).array().item(specification);
            catalogue.page_mode(PageMode::UseAttachments);
        }
        catalogue.finish();
    });
    Ok(assembled(objects, catalogue))
}

fn attach(objects: &mut Objects, attachment: &Attachment<'_>, numbers: (u32, u32)) {
    let (specification, embedded) = numbers;
    objects.add(specification, |chunk, reference| {
        let mut file = chunk.file_spec(reference);
        file.path(Str(attachment.name.as_bytes()))
            .unic_file(TextStr(attachment.name))
            .description(TextStr(attachment.says))
            .association_kind(AssociationKind::Data);
        file.embedded_file_with_unicode(Objects::reference(embedded));
    });
    objects.add(embedded, |chunk, reference| {
        let mut file = chunk.embedded_file(reference, attachment.octets);
        file.subtype(Name(attachment.media_type.as_bytes()));
    });
}

fn drawn(sheet: &Sheet, font: &EmbeddedFont) -> Result<Vec<u8>, AppearanceError> {
    let mut content = Content::new();
    content.set_fill_color_space(GREY);
    content.set_fill_color([0.0]);
    for mark in &sheet.marks {
        match mark {
            Mark::Area { area } => {
                let [left, bottom, width, height] = *area;
                content.rect(left, bottom, width, height);
                content.fill_nonzero();
            }
            Mark::Text {
                left,
                bottom,
                size,
                text,
            } => {
                let encoded = font.encode(text)?;
                content.begin_text();
                content.set_font(FONT, *size);
                content.next_line(*left, *bottom);
                content.show(Str(&encoded));
                content.end_text();
            }
        }
    }
    Ok(content.finish().to_vec())
}

fn deflated(octets: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Memory takes everything.
    let _ = encoder.write_all(octets);
    encoder.finish().unwrap_or_default()
}

/// Header, objects, cross-reference table and trailer (7.5).
fn assembled(mut objects: Objects, catalogue: u32) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    objects.written.sort_by_key(|(number, _)| *number);
    let mut table = String::from("0000000000 65535 f \n");
    for (_, octets) in &objects.written {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend_from_slice(octets);
    }
    let id: String = Sha256::digest(&file)
        .iter()
        .take(16)
        .map(|octet| format!("{octet:02X}"))
        .collect();
    let start = file.len();
    let size = objects.written.len().saturating_add(1);
    file.extend(
        format!(
            "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root {catalogue} 0 R /ID [ <{id}> \
             <{id}> ] >>\nstartxref\n{start}\n%%EOF\n"
        )
        .into_bytes(),
    );
    file
}

/// The XMP packet (ISO 16684-1) with the PDF/A identification (ISO 19005-2, 6.6.4).
fn xmp(about: &About<'_>) -> String {
    let part = if about.attachment.is_some() { 3 } else { 2 };
    let title = about
        .title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" \
         pdfaid:part=\"{part}\" pdfaid:conformance=\"B\"/>\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>\
         <rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         </rdf:Description>\n</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}
