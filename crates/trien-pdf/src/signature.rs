//! Signature dictionaries (ISO 32000-2, 12.8.1, table 255).
//! Knows where the signed spans are, not whether the signature holds.

use trien_types::{UnixTime, UtcOffset};

use crate::{
    ByteRange, ByteRangeError, Dictionary, Document, Name, Object, ObjectId, ObjectPlace,
    PdfString, ReadError, RevisionIndex, Span, decode_date, decode_text,
};

/// What a certification allows later (12.8.2.2, table 257).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DocMdpPermission {
    /// /P 1: no change.
    NoChanges,
    /// /P 2: filling in forms and signing.
    FormsAndSignatures,
    /// /P 3: also annotations.
    Annotations,
}

/// A signature dictionary with the place it stands at.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SignatureDictionary {
    /// Its object, or the field's when it is direct in the field.
    pub object: Option<ObjectId>,
    /// Where that object stands in the file; `None` in an object stream.
    pub place: Option<Span>,
    /// All entries.
    pub dictionary: Dictionary,
    /// The signed spans, or why there are none.
    pub byte_range: Result<ByteRange, ByteRangeError>,
    /// The octets of /Contents with their padding; empty when there are none.
    pub contents: Vec<u8>,
    /// Whether the value of /Contents has an odd number of digits.
    pub contents_form: Option<crate::StringForm>,
    /// DER octets of /Cert (only `adbe.x509.rsa_sha1` uses it).
    pub certificates: Vec<Vec<u8>>,
    /// What it certifies, when it carries a DocMDP transform.
    pub certification: Option<DocMdpPermission>,
}

impl SignatureDictionary {
    /// Reads the dictionary `object` that stands at `place`.
    pub(crate) fn read(
        document: &Document<'_>,
        object: Option<ObjectId>,
        dictionary: Dictionary,
        place: ObjectPlace,
        revision: RevisionIndex,
    ) -> Result<Self, ReadError> {
        let in_file = match place {
            ObjectPlace::InFile(span) => Some(span),
            ObjectPlace::InStream(_) | ObjectPlace::Nowhere => None,
        };
        let byte_range = match in_file {
            Some(_) => ByteRange::parse(&dictionary, document.bytes()),
            None => Err(ByteRangeError::InObjectStream),
        };
        let contents = dictionary.get("Contents").and_then(Object::as_string);
        let certificates = match document.value(&dictionary, "Cert", revision)? {
            Object::String(string) => vec![string.octets],
            Object::Array(elements) => elements
                .iter()
                .filter_map(|element| match document.resolve(element, revision) {
                    Ok(Object::String(string)) => Some(string.octets),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let certification = certification(document, &dictionary, revision)?;
        Ok(Self {
            object,
            place: in_file,
            byte_range,
            contents: contents
                .map(|string| string.octets.clone())
                .unwrap_or_default(),
            contents_form: contents.map(|string| string.form),
            certificates,
            certification,
            dictionary,
        })
    }

    /// A dictionary found without cross-references: what it refers to stays unread.
    pub(crate) fn salvaged(
        object: ObjectId,
        place: Span,
        dictionary: Dictionary,
        byte_range: Result<ByteRange, ByteRangeError>,
    ) -> Self {
        let contents = dictionary.get("Contents").and_then(Object::as_string);
        let certificates = match dictionary.get("Cert") {
            Some(Object::String(string)) => vec![string.octets.clone()],
            _ => Vec::new(),
        };
        Self {
            object: Some(object),
            place: Some(place),
            byte_range,
            contents: contents
                .map(|string| string.octets.clone())
                .unwrap_or_default(),
            contents_form: contents.map(|string| string.form),
            certificates,
            certification: None,
            dictionary,
        }
    }

    fn name(&self, key: &str) -> Option<&Name> {
        self.dictionary.get(key).and_then(Object::as_name)
    }

    fn string(&self, key: &str) -> Option<&PdfString> {
        self.dictionary.get(key).and_then(Object::as_string)
    }

    /// /SubFilter: the encoding of /Contents.
    #[must_use]
    pub fn sub_filter(&self) -> Option<&Name> {
        self.name("SubFilter")
    }

    /// /Type: `DocTimeStamp` marks a document time stamp, though some writers put `Sig` there.
    #[must_use]
    pub fn type_name(&self) -> Option<&Name> {
        self.name("Type")
    }

    /// The text of /Name, /Reason, /Location or /ContactInfo, as the signer's program claims it.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        self.string(key).map(decode_text)
    }

    /// /M: the time that the signer's program claims, never a proof.
    #[must_use]
    pub fn claimed_signing_time(&self) -> Option<(UnixTime, UtcOffset)> {
        self.string("M").and_then(decode_date)
    }
}

/// /P of the DocMDP transforms among the signature references (12.8.1, table 256): of several the
/// strictest, since programs differ in which they go by. What is there and is none of the three
/// numbers (table 257) allows nothing; where there is none it is 2.
pub(crate) fn certification(
    document: &Document<'_>,
    dictionary: &Dictionary,
    revision: RevisionIndex,
) -> Result<Option<DocMdpPermission>, ReadError> {
    let Object::Array(references) = document.value(dictionary, "Reference", revision)? else {
        return Ok(None);
    };
    let mut strictest = None;
    for reference in &references {
        let Object::Dictionary(reference) = document.resolve(reference, revision)? else {
            continue;
        };
        let method = document.value(&reference, "TransformMethod", revision)?;
        if method.as_name().is_none_or(|name| *name != "DocMDP") {
            continue;
        }
        let parameters = document.value(&reference, "TransformParams", revision)?;
        let p = match parameters.as_dictionary() {
            Some(parameters) => document.value(parameters, "P", revision)?,
            None => Object::Null,
        };
        let permission = match p {
            Object::Null | Object::Integer(2) => DocMdpPermission::FormsAndSignatures,
            Object::Integer(3) => DocMdpPermission::Annotations,
            _ => DocMdpPermission::NoChanges,
        };
        strictest = Some(strictest.map_or(permission, |other| permission.min(other)));
    }
    Ok(strictest)
}
