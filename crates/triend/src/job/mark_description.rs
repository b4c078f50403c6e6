//! The mark that is asked for: what is seen, where, how large.
//! Places nothing: see [`super::placing`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use trien::mark::{InkRule, SealImage, SignatureImage};

use super::description::malformed;
use super::mark_words::mark_words;
use super::signature::Turn;
use crate::rejection::{Code, Rejection};
use crate::store::first_unseen;

/// Octets of a picture in Base64. A scanned signature has some 100 kB.
const LONGEST_PICTURE: usize = 2 << 20;
/// Lines of a text.
const MOST_LINES: usize = 8;
/// Characters of a line.
const LONGEST_LINE: usize = 120;
/// Width of a signature's picture in millimetres where none is asked for.
const SIGNATURE_WIDTH: f64 = 45.0;
/// Diameter of a seal in millimetres where none is asked for: bodies' seals have 34 to 36.
const SEAL_DIAMETER: f64 = 36.0;

/// The member `mark` of a signature.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MarkDescription {
    kind: MarkKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<PlaceDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<f64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    movable: bool,
    #[serde(default, skip_serializing)]
    url: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    path: Option<IgnoredAny>,
    #[serde(default, skip_serializing)]
    file: Option<IgnoredAny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MarkKind {
    Text,
    Image,
    Seal,
    Information,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PlaceDescription {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<PageDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    top: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    below: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over_signature: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum PageDescription {
    Number(usize),
    Word(LastPage),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LastPage {
    Last,
}

/// A mark that was described well.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mark {
    /// What is seen.
    pub content: MarkContent,
    /// Where; the step of the workflow tells where it is absent.
    pub place: Option<MarkPlace>,
    /// Whether the person may move it.
    pub movable: Movable,
}

/// What is seen.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum MarkContent {
    /// Lines of text.
    Text(Vec<String>),
    /// The picture of a handwritten signature.
    Signature(SignatureImage),
    /// A seal.
    Seal(SealImage),
    /// Who signs, why and when.
    Information,
}

/// Where it stands. Pages count from 0, millimetres are those of the page as it is shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MarkPlace {
    /// With its upper left corner at a place.
    At {
        /// On which page.
        page: MarkPage,
        /// From the left edge.
        left: f64,
        /// From the upper edge.
        top: f64,
    },
    /// Between a title and the name under it.
    Below {
        /// On which page.
        page: MarkPage,
        /// The title.
        title: String,
    },
    /// In an empty field.
    Field(String),
    /// Over the signature in a field.
    OverSignature(String),
}

/// A page by its number or from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MarkPage {
    /// From 0.
    Number(usize),
    /// The last one.
    Last,
}

/// Whether the person at the machine may move a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Movable {
    /// It stands where it was asked for.
    No,
    /// The caller allows it.
    Yes,
}

impl Mark {
    /// Checks what the form alone does not tell, and reads the picture.
    ///
    /// # Errors
    /// Two members do not go together, a measure or a text is out of bounds, or the picture is
    /// not as the rules want it.
    pub(super) fn checked(given: MarkDescription, step: Option<&Turn>) -> Result<Self, Rejection> {
        if given.url.is_some() || given.path.is_some() || given.file.is_some() {
            return Err(Rejection::about(Code::ContentNotGiven, "signature.mark"));
        }
        let place = given.place.map(MarkPlace::checked).transpose()?;
        if place.is_none() && step.is_none() {
            return Err(malformed(
                "signature.mark.place",
                "còn thiếu",
                "it is missing",
            ));
        }
        let content = match (given.kind, given.image, given.lines) {
            (MarkKind::Text, None, lines) => MarkContent::Text(checked_lines(lines)?),
            (MarkKind::Information, None, lines) if lines.is_empty() => MarkContent::Information,
            (MarkKind::Image, Some(image), lines) if lines.is_empty() => {
                let width = given.size.unwrap_or(SIGNATURE_WIDTH);
                let image = picture(&image)?;
                SignatureImage::parse(&image, width, InkRule::AsTheDecreeSays)
                    .map(MarkContent::Signature)
                    .map_err(|error| mark_words(&error))?
            }
            (MarkKind::Seal, Some(image), lines) if lines.is_empty() => {
                let diameter = given.size.unwrap_or(SEAL_DIAMETER);
                let image = picture(&image)?;
                SealImage::parse(&image, diameter, InkRule::AsTheDecreeSays)
                    .map(MarkContent::Seal)
                    .map_err(|error| mark_words(&error))?
            }
            _ => {
                return Err(malformed(
                    "signature.mark",
                    "image đi với kind image và seal, lines đi với kind text",
                    "image goes with kind image and seal, lines with kind text",
                ));
            }
        };
        let has_size = matches!(content, MarkContent::Signature(_) | MarkContent::Seal(_));
        if given.size.is_some() && !has_size {
            return Err(malformed(
                "signature.mark.size",
                "chỉ hình ảnh mới có",
                "only pictures have one",
            ));
        }
        Ok(Self {
            content,
            place,
            movable: if given.movable {
                Movable::Yes
            } else {
                Movable::No
            },
        })
    }
}

impl MarkPlace {
    fn checked(given: PlaceDescription) -> Result<Self, Rejection> {
        let page = match given.page {
            None => MarkPage::Number(0),
            Some(PageDescription::Number(number)) => MarkPage::Number(number),
            Some(PageDescription::Word(LastPage::Last)) => MarkPage::Last,
        };
        let numbered = given.page.is_some();
        let corner = given.left.zip(given.top);
        let half = given.left.is_some() != given.top.is_some();
        match (corner, given.below, given.field, given.over_signature) {
            (Some((left, top)), None, None, None) if left.is_finite() && top.is_finite() => {
                Ok(Self::At { page, left, top })
            }
            (None, Some(title), None, None) if !half && short(&title) => {
                Ok(Self::Below { page, title })
            }
            (None, None, Some(field), None) if !half && !numbered && short(&field) => {
                Ok(Self::Field(field))
            }
            (None, None, None, Some(field)) if !half && !numbered && short(&field) => {
                Ok(Self::OverSignature(field))
            }
            _ => Err(malformed(
                "signature.mark.place",
                "left và top, hoặc below, hoặc field, hoặc over-signature",
                "left and top, or below, or field, or over-signature",
            )),
        }
    }
}

/// A text that people see as it is.
fn short(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().nth(LONGEST_LINE).is_none()
        && first_unseen(text).is_none()
}

fn checked_lines(lines: Vec<String>) -> Result<Vec<String>, Rejection> {
    let fit = (1..=MOST_LINES).contains(&lines.len()) && lines.iter().all(|line| short(line));
    if fit {
        Ok(lines)
    } else {
        Err(malformed(
            "signature.mark.lines",
            &format!(
                "1 đến {MOST_LINES} dòng, mỗi dòng nhiều nhất {LONGEST_LINE} ký tự nhìn thấy được"
            ),
            &format!(
                "1 to {MOST_LINES} lines of {LONGEST_LINE} characters at most, each of which can be seen"
            ),
        ))
    }
}

fn picture(base64: &str) -> Result<Vec<u8>, Rejection> {
    if base64.len() > LONGEST_PICTURE {
        return Err(malformed(
            "signature.mark.image",
            "lớn hơn 1,5 MB",
            "it is larger than 1.5 MB",
        ));
    }
    STANDARD.decode(base64).map_err(|_| {
        malformed(
            "signature.mark.image",
            "không phải Base64",
            "it is no Base64",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<Mark, String> {
        let described = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Mark::checked(described, None).map_err(|rejection| rejection.message_in_english())
    }

    #[test]
    fn every_place_is_read() {
        let place = |place: &str| {
            checked(&format!(r#"{{"kind":"information","place":{place}}}"#))
                .map(|mark| mark.place.unwrap())
        };
        assert_eq!(
            place(r#"{"page":"last","left":20,"top":230.5}"#).unwrap(),
            MarkPlace::At {
                page: MarkPage::Last,
                left: 20.0,
                top: 230.5
            }
        );
        assert_eq!(
            place(r#"{"below":"HIỆU TRƯỞNG","page":1}"#).unwrap(),
            MarkPlace::Below {
                page: MarkPage::Number(1),
                title: "HIỆU TRƯỞNG".to_owned()
            }
        );
        assert_eq!(
            place(r#"{"field":"A"}"#).unwrap(),
            MarkPlace::Field("A".to_owned())
        );
        assert_eq!(
            place(r#"{"over-signature":"A"}"#).unwrap(),
            MarkPlace::OverSignature("A".to_owned())
        );
        for wrong in [
            "{}",
            r#"{"left":1}"#,
            r#"{"left":1,"top":1,"field":"A"}"#,
            r#"{"field":"A","page":1}"#,
            r#"{"page":"first","left":1,"top":1}"#,
            r#"{"below":""}"#,
            r#"{"below":"a\u202eb"}"#,
        ] {
            place(wrong).unwrap_err();
        }
    }

    #[test]
    fn members_that_do_not_go_together_are_refused() {
        let mark = |rest: &str| checked(&format!(r#"{{"place":{{"field":"A"}},{rest}}}"#));
        mark(r#""kind":"text","lines":["Số: 5"],"movable":true"#).unwrap();
        for wrong in [
            r#""kind":"text""#,
            r#""kind":"text","lines":["a\u202eb"]"#,
            r#""kind":"text","lines":["a\u200b"]"#,
            r#""kind":"text","lines":["a"],"size":3"#,
            r#""kind":"seal""#,
            r#""kind":"image","image":"////","lines":[]"#,
            r#""kind":"image","image":"%""#,
            r#""kind":"information","image":"AAAA""#,
            r#""kind":"image","url":"http://a/b.png""#,
            r#""kind":"stamp""#,
        ] {
            mark(wrong).unwrap_err();
        }
    }
}
