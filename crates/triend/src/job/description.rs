//! A job as a caller describes it: JSON with a fixed set of members, and what they must keep to.
//! Opens no document.

use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use trien::Language;
use trien_types::{CertificateId, decode_hex};

use super::signature::{Signature, SignatureDescription};
use crate::rejection::{Code, Rejection};
use crate::store::ShortText;
use crate::words;

/// Documents that one PIN may sign: a class has 40, a school's records of one kind some hundreds.
pub const MOST_DOCUMENTS: usize = 1_000;

/// The body of `POST /v1/jobs`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct JobDescription {
    documents: Documents,
    signature: SignatureDescription,
    #[serde(default)]
    certificate: Option<String>,
    #[serde(default)]
    url: Option<IgnoredAny>,
    #[serde(default)]
    path: Option<IgnoredAny>,
    #[serde(default)]
    file: Option<IgnoredAny>,
}

/// A document of the body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentDescription {
    name: String,
    #[serde(default)]
    pdf: Option<String>,
    #[serde(default)]
    url: Option<IgnoredAny>,
    #[serde(default)]
    path: Option<IgnoredAny>,
    #[serde(default)]
    file: Option<IgnoredAny>,
}

/// A job that was described well.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewJob {
    /// The documents in their order.
    pub documents: Vec<NewDocument>,
    /// What they are to be signed with.
    pub signature: Signature,
    /// The certificate that is to sign, where the caller names one.
    pub certificate: Option<CertificateId>,
}

/// A document of a new job.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewDocument {
    /// What the caller calls it: shown, and never a path.
    pub name: ShortText,
    /// The document in Base64; without it, it comes by itself.
    pub base64: Option<String>,
}

/// The first documents of a list, and how many it has: what is beyond the limit is read past and
/// kept nowhere.
#[derive(Debug)]
struct Documents {
    first: Vec<DocumentDescription>,
    count: usize,
}

impl<'de> Deserialize<'de> for Documents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(DocumentsVisitor)
    }
}

struct DocumentsVisitor;

impl<'de> Visitor<'de> for DocumentsVisitor {
    type Value = Documents;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of documents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Documents, A::Error> {
        let mut documents = Documents {
            first: Vec::new(),
            count: 0,
        };
        while documents.first.len() < MOST_DOCUMENTS {
            match list.next_element()? {
                Some(document) => documents.first.push(document),
                None => break,
            }
        }
        documents.count = documents.first.len();
        while list.next_element::<IgnoredAny>()?.is_some() {
            documents.count = documents.count.saturating_add(1);
        }
        Ok(documents)
    }
}

impl JobDescription {
    /// Checks what the form alone does not tell.
    ///
    /// # Errors
    /// There is no document or there are too many; a name, the certificate or the signature is
    /// none; a path or an address stands where a document belongs.
    pub fn checked(self) -> Result<NewJob, Rejection> {
        if self.url.is_some() || self.path.is_some() || self.file.is_some() {
            return Err(Code::ContentNotGiven.into());
        }
        if self.documents.count == 0 {
            return Err(Code::NoDocuments.into());
        }
        if self.documents.count > MOST_DOCUMENTS {
            let count = self.documents.count.to_string();
            return Err(Rejection::about(Code::TooManyDocuments, count));
        }
        let documents = self
            .documents
            .first
            .into_iter()
            .enumerate()
            .map(|(index, document)| document.checked(index.saturating_add(1)))
            .collect::<Result<_, _>>()?;
        Ok(NewJob {
            documents,
            signature: Signature::checked(self.signature)?,
            certificate: self.certificate.map(certificate_id).transpose()?,
        })
    }
}

impl DocumentDescription {
    /// `number` from 1, as in the addresses of documents.
    fn checked(self, number: usize) -> Result<NewDocument, Rejection> {
        if self.url.is_some() || self.path.is_some() || self.file.is_some() {
            return Err(of_document(Code::ContentNotGiven, number, ("", "")));
        }
        let name = ShortText::new(&self.name).map_err(|fault| {
            let said = |language| format!("name: {}", words::text_fault(fault, language));
            let (vietnamese, english) = (said(Language::Vi), said(Language::En));
            of_document(Code::RequestMalformed, number, (&vietnamese, &english))
        })?;
        Ok(NewDocument {
            name,
            base64: self.pdf,
        })
    }
}

fn certificate_id(text: String) -> Result<CertificateId, Rejection> {
    decode_hex(&text)
        .ok()
        .and_then(|octets| octets.try_into().ok())
        .map(CertificateId::from_sha256)
        .ok_or_else(|| {
            malformed(
                "certificate",
                "là id mà /v1/certificates cho biết",
                "the id that /v1/certificates gives",
            )
        })
}

/// A rejection about one document, by its number from 1, with what exactly in both languages.
pub(super) fn of_document(
    code: Code,
    number: impl fmt::Display,
    (vietnamese, english): (&str, &str),
) -> Rejection {
    let colon = if vietnamese.is_empty() { "" } else { ": " };
    Rejection::in_words(
        code,
        format!("tài liệu {number}{colon}{vietnamese}"),
        format!("document {number}{colon}{english}"),
    )
}

/// The request has not the right form: which member, and what is wrong with it.
pub(super) fn malformed(member: impl fmt::Display, vietnamese: &str, english: &str) -> Rejection {
    Rejection::in_words(
        Code::RequestMalformed,
        format!("{member}: {vietnamese}"),
        format!("{member}: {english}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<NewJob, String> {
        let described: JobDescription =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        described
            .checked()
            .map_err(|rejection| rejection.code().name().to_owned())
    }

    const SIGNATURE: &str = r#""signature": {"level": "b-b", "act": "personal"}"#;

    #[test]
    fn a_description_is_read_and_an_unknown_member_is_named() {
        let job = checked(&format!(
            r#"{{"documents": [{{"name": "Học bạ 1.pdf", "pdf": "JVBERg=="}}, {{"name": "b"}}],
               {SIGNATURE}}}"#
        ))
        .unwrap();
        assert_eq!(job.documents.len(), 2);
        assert_eq!(job.documents[0].name.as_str(), "Học bạ 1.pdf");
        assert!(job.documents[1].base64.is_none());
        for (text, named) in [
            (
                format!(r#"{{"documents": [{{"name": "a", "colour": 1}}], {SIGNATURE}}}"#),
                "colour",
            ),
            (
                format!(r#"{{"documents": [{{"name": "a"}}], "pin": "1", {SIGNATURE}}}"#),
                "pin",
            ),
            (
                r#"{"documents": [{"name": "a"}], "signature": {"level": "b-b", "module": "x"}}"#
                    .to_owned(),
                "module",
            ),
        ] {
            let error = checked(&text).unwrap_err();
            assert!(error.contains(&format!("`{named}`")), "{error}");
        }
    }

    #[test]
    fn a_path_or_an_address_is_no_content() {
        for member in ["url", "path", "file"] {
            for text in [
                format!(r#"{{"documents": [{{"name": "a", "{member}": "x"}}], {SIGNATURE}}}"#),
                format!(r#"{{"documents": [{{"name": "a"}}], "{member}": ["x"], {SIGNATURE}}}"#),
            ] {
                assert_eq!(checked(&text).unwrap_err(), "content-not-given", "{text}");
            }
        }
    }

    #[test]
    fn the_number_of_documents_is_bounded_and_the_rest_is_not_kept() {
        let many = |count: usize| {
            let list = vec![r#"{"name": "a"}"#; count].join(",");
            checked(&format!(r#"{{"documents": [{list}], {SIGNATURE}}}"#))
        };
        assert_eq!(many(0).unwrap_err(), "no-documents");
        assert_eq!(many(1_000).unwrap().documents.len(), 1_000);
        assert_eq!(many(1_001).unwrap_err(), "too-many-documents");
        assert_eq!(many(20_000).unwrap_err(), "too-many-documents");
    }

    #[test]
    fn names_that_look_like_others_are_refused() {
        let text = format!(r#"{{"documents": [{{"name": "a\u202efdp.exe"}}], {SIGNATURE}}}"#);
        assert_eq!(checked(&text).unwrap_err(), "request-malformed");
    }
}
