//! The octets of the update: objects, the signature dictionary with its gap, cross-references in
//! the file's own form, trailer.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use super::overlay::Overlay;
use super::{PlaceError, Placement, SignatureKind};
use crate::write::{write_dictionary, write_object, write_text};
use crate::{
    Dictionary, Document, Name, Object, ObjectId, PdfString, Span, StringForm, XrefForm,
    encode_date, encode_text,
};

/// Octets kept for the last three numbers of /ByteRange: three times 15 digits and two spaces.
const BYTE_RANGE_OCTETS: usize = 47;

/// The largest offset a cross-reference table can hold: ten digits (7.5.4).
const LARGEST_TABLE_OFFSET: usize = 9_999_999_999;

pub(super) struct Layout {
    pub(super) appended: Vec<u8>,
    pub(super) gap: Span,
    /// Length of the whole file.
    pub(super) end: usize,
}

/// Where each object of the update starts, from the base that the file counts from.
type Offsets = BTreeMap<ObjectId, usize>;

/// The update that holds the signature `placement` describes, as object `signature`.
pub(super) fn lay_out_signature(
    overlay: Overlay<'_, '_>,
    signature: ObjectId,
    placement: &Placement,
    contents_octets: NonZeroUsize,
) -> Result<Layout, PlaceError> {
    let mut writing = Writing::new(overlay.document);
    let lock = overlay.field_lock.clone();
    writing.start_object(signature);
    let marks = write_signature(
        &mut writing.out,
        placement,
        lock.as_ref(),
        contents_octets.get(),
    )?;
    writing.end_object();
    let start = overlay.document.bytes().len();
    let mut out = writing.finish(overlay, placement.update_identifier)?;

    let shift = |at: usize| start.saturating_add(at);
    let gap = Span::new(shift(marks.contents.start()), shift(marks.contents.end()));
    let end = shift(out.len());
    let numbers = format!(
        "{} {} {}",
        gap.start(),
        gap.end(),
        end.saturating_sub(gap.end())
    );
    let target = out.get_mut(marks.byte_range..marks.byte_range.saturating_add(numbers.len()));
    match target {
        Some(target) if numbers.len() <= BYTE_RANGE_OCTETS => {
            target.copy_from_slice(numbers.as_bytes());
        }
        _ => return Err(PlaceError::TooLarge),
    }
    Ok(Layout {
        appended: out,
        gap,
        end,
    })
}

/// The octets of an update that holds the overlay's objects alone.
pub(crate) fn lay_out_objects(
    overlay: Overlay<'_, '_>,
    update_identifier: Option<[u8; 16]>,
) -> Result<Vec<u8>, PlaceError> {
    Writing::new(overlay.document).finish(overlay, update_identifier)
}

/// An update that is being written.
struct Writing {
    out: Vec<u8>,
    offsets: Offsets,
    /// Length of the original file from the base that offsets count from.
    shift: usize,
}

impl Writing {
    fn new(document: &Document<'_>) -> Self {
        let bytes = document.bytes();
        let mut out = Vec::new();
        if !matches!(bytes.last(), Some(b'\n' | b'\r')) {
            out.push(b'\n');
        }
        Self {
            out,
            offsets: Offsets::new(),
            shift: bytes.len().saturating_sub(document.base()),
        }
    }

    fn here(&self) -> usize {
        self.shift.saturating_add(self.out.len())
    }

    fn start_object(&mut self, id: ObjectId) {
        self.offsets.insert(id, self.here());
        write_text(&mut self.out, format_args!("{id} obj\n"));
    }

    fn end_object(&mut self) {
        self.out.extend_from_slice(b"\nendobj\n");
    }

    /// The overlay's objects, then cross-references in the file's own form and the trailer.
    fn finish(
        mut self,
        overlay: Overlay<'_, '_>,
        update_identifier: Option<[u8; 16]>,
    ) -> Result<Vec<u8>, PlaceError> {
        let document = overlay.document;
        let next_number = overlay.next_number();
        for (id, body) in overlay.into_bodies() {
            self.start_object(id);
            self.out.extend_from_slice(&body);
            self.end_object();
        }
        let xref = self.here();
        let Self {
            mut out,
            mut offsets,
            ..
        } = self;
        let trailer = trailer(document, update_identifier, next_number);
        match document.xref_form(document.latest()) {
            XrefForm::Stream => write_stream(&mut out, trailer, &mut offsets, next_number, xref),
            XrefForm::Table | XrefForm::Hybrid => {
                if xref > LARGEST_TABLE_OFFSET {
                    return Err(PlaceError::TooLarge);
                }
                write_table(&mut out, &offsets, &trailer);
            }
        }
        write_text(&mut out, format_args!("startxref\n{xref}\n%%EOF\n"));
        Ok(out)
    }
}

/// Places in the update that are known only when all of it is laid out.
struct Marks {
    contents: Span,
    byte_range: usize,
}

fn write_signature(
    out: &mut Vec<u8>,
    placement: &Placement,
    lock: Option<&Dictionary>,
    contents_octets: usize,
) -> Result<Marks, PlaceError> {
    let (type_name, sub_filter) = match placement.kind {
        SignatureKind::Cades => ("Sig", "ETSI.CAdES.detached"),
        SignatureKind::DocumentTimestamp => ("DocTimeStamp", "ETSI.RFC3161"),
    };
    write_text(
        out,
        format_args!(
            "<</Type/{type_name}/Filter/Adobe.PPKLite/SubFilter/{sub_filter}/ByteRange [0 "
        ),
    );
    let byte_range = out.len();
    out.resize(byte_range.saturating_add(BYTE_RANGE_OCTETS), b' ');
    out.extend_from_slice(b"]/Contents ");
    let start = out.len();
    out.push(b'<');
    let digits = contents_octets.saturating_mul(2);
    out.resize(out.len().saturating_add(digits), b'0');
    out.push(b'>');
    let contents = Span::new(start, out.len());

    let mut rest = Dictionary::new();
    if let Some((time, offset)) = placement.claimed_signing_time {
        let date = encode_date(time, offset).ok_or(PlaceError::TimeInvalid)?;
        rest.set("M", Object::String(date));
    }
    for (key, text) in [
        ("Name", &placement.name),
        ("Reason", &placement.reason),
        ("Location", &placement.location),
        ("ContactInfo", &placement.contact_info),
    ] {
        if let Some(text) = text {
            rest.set(key, Object::String(encode_text(text)));
        }
    }
    if let Some(lock) = lock {
        rest.set("Reference", field_mdp(lock));
    }
    for entry in rest.entries() {
        write_object(out, &Object::Name(entry.key.clone()));
        out.push(b' ');
        write_object(out, &entry.value);
    }
    out.extend_from_slice(b">>");
    Ok(Marks {
        contents,
        byte_range,
    })
}

/// 12.7.5.5: a field with /Lock makes its signature declare the same as /FieldMDP (12.8.2.4).
fn field_mdp(lock: &Dictionary) -> Object {
    let name = |text: &str| Object::Name(Name::from(text));
    let mut parameters = Dictionary::new();
    parameters.set("Type", name("TransformParams"));
    parameters.set("V", name("1.2"));
    for key in ["Action", "Fields", "P"] {
        if let Some(value) = lock.get(key) {
            parameters.set(key, value.clone());
        }
    }
    let mut reference = Dictionary::new();
    reference.set("Type", name("SigRef"));
    reference.set("TransformMethod", name("FieldMDP"));
    reference.set("TransformParams", Object::Dictionary(parameters));
    Object::Array(vec![Object::Dictionary(reference)])
}

/// The entries that a trailer carries on, without those of a cross-reference stream.
fn trailer(
    document: &Document<'_>,
    update_identifier: Option<[u8; 16]>,
    next_number: u32,
) -> Dictionary {
    let latest = document.latest();
    let old = document.trailer(latest);
    let mut trailer = Dictionary::new();
    trailer.set("Size", Object::Integer(i64::from(next_number)));
    for key in ["Root", "Info"] {
        if let Some(value) = old.get(key) {
            trailer.set(key, value.clone());
        }
    }
    let identifier = old
        .get("ID")
        .and_then(|id| document.resolve(id, latest).ok());
    if let Some(Object::Array(mut halves)) = identifier {
        if let (Some(new), Some(second)) = (update_identifier, halves.get_mut(1)) {
            let form = StringForm::Hexadecimal;
            *second = Object::String(PdfString {
                octets: new.to_vec(),
                form,
            });
        }
        trailer.set("ID", Object::Array(halves));
    }
    let previous = document.entry_offset(latest).unwrap_or_default();
    let previous = previous.saturating_sub(document.base());
    trailer.set(
        "Prev",
        Object::Integer(i64::try_from(previous).unwrap_or(i64::MAX)),
    );
    trailer
}

/// Runs of consecutive numbers, each as its first number and its members.
fn runs(offsets: &Offsets) -> Vec<Vec<(ObjectId, usize)>> {
    let mut runs: Vec<Vec<(ObjectId, usize)>> = Vec::new();
    for (id, offset) in offsets {
        match runs.last_mut() {
            Some(run)
                if run
                    .last()
                    .is_some_and(|(last, _)| last.number.checked_add(1) == Some(id.number)) =>
            {
                run.push((*id, *offset));
            }
            _ => runs.push(vec![(*id, *offset)]),
        }
    }
    runs
}

fn write_table(out: &mut Vec<u8>, offsets: &Offsets, trailer: &Dictionary) {
    out.extend_from_slice(b"xref\n");
    for run in runs(offsets) {
        if let Some((first, _)) = run.first() {
            write_text(out, format_args!("{} {}\n", first.number, run.len()));
        }
        for (id, offset) in run {
            write_text(out, format_args!("{offset:010} {:05} n\r\n", id.generation));
        }
    }
    out.extend_from_slice(b"trailer\n");
    write_dictionary(out, trailer);
    out.push(b'\n');
}

fn write_stream(
    out: &mut Vec<u8>,
    mut trailer: Dictionary,
    offsets: &mut Offsets,
    number: u32,
    xref: usize,
) {
    let id = ObjectId::new(number, 0);
    offsets.insert(id, xref);
    let mut data = Vec::new();
    let mut index = Vec::new();
    for run in runs(offsets) {
        if let Some((first, _)) = run.first() {
            index.push(Object::Integer(i64::from(first.number)));
            index.push(Object::Integer(
                i64::try_from(run.len()).unwrap_or(i64::MAX),
            ));
        }
        for (id, offset) in run {
            data.push(1);
            data.extend_from_slice(&u64::try_from(offset).unwrap_or(u64::MAX).to_be_bytes());
            data.extend_from_slice(&id.generation.to_be_bytes());
        }
    }
    trailer.set("Type", Object::Name(Name::from("XRef")));
    trailer.set("Size", Object::Integer(i64::from(number).saturating_add(1)));
    trailer.set("W", Object::Array([1, 8, 2].map(Object::Integer).to_vec()));
    trailer.set("Index", Object::Array(index));
    trailer.set(
        "Length",
        Object::Integer(i64::try_from(data.len()).unwrap_or(i64::MAX)),
    );
    write_text(out, format_args!("{id} obj\n"));
    write_dictionary(out, &trailer);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&data);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}
