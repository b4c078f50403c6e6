//! Distinguished names (X.501, RFC 5280, 4.1.2.4) as text and as the octets received.
//! Does not compare names: equality is that of the octets.

use std::fmt;

use trien_types::Limits;

use crate::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use crate::oid;

/// A name: its DER as received, and its attributes in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DistinguishedName {
    der: Box<[u8]>,
    relative_names: Vec<Vec<NameAttribute>>,
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct NameAttribute {
    /// What the attribute is, such as 2.5.4.3 for the common name.
    pub oid: ObjectIdentifier,
    /// Its value as text; a value that is no string is `#` and the hexadecimal of its DER.
    pub text: String,
}

impl DistinguishedName {
    /// Reads a Name.
    ///
    /// ```text
    /// Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }
    /// ```
    ///
    /// # Errors
    /// The element is no such structure. Odd strings are no error.
    pub fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut relative_names = Vec::new();
        let mut names = element.elements()?;
        while !names.is_empty() {
            let mut set = names.expect(Tag::SET)?.elements()?;
            let mut attributes = Vec::new();
            while !set.is_empty() {
                let mut pair = set.expect(Tag::SEQUENCE)?.elements()?;
                let oid = pair.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
                let text = text_of(&pair.element()?);
                attributes.push(NameAttribute { oid, text });
            }
            relative_names.push(attributes);
        }
        Ok(Self {
            der: element.raw().into(),
            relative_names,
        })
    }

    /// Reads a Name from its octets alone.
    ///
    /// # Errors
    /// As [`DistinguishedName::from_element`], or something follows.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, Asn1Error> {
        let mut reader = Reader::new(octets, limits);
        let element = reader.expect(Tag::SEQUENCE)?;
        reader.finish()?;
        Self::from_element(&element)
    }

    /// Whether both names say the same whatever string types they use: the attributes agree one
    /// by one, without regard to case and to how much white space there is (RFC 5280, 7.1).
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let words = |name: &Self| -> Vec<Vec<(ObjectIdentifier, String)>> {
            name.relative_names
                .iter()
                .map(|attributes| {
                    attributes
                        .iter()
                        .map(|attribute| (attribute.oid.clone(), folded(&attribute.text)))
                        .collect()
                })
                .collect()
        };
        words(self) == words(other)
    }

    /// The name's octets as received.
    #[must_use]
    pub const fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// All attributes in the order written, repeated ones repeated.
    pub fn attributes(&self) -> impl Iterator<Item = &NameAttribute> {
        self.relative_names.iter().flatten()
    }

    /// The last common name, which is the most specific one.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.attributes()
            .filter(|attribute| attribute.oid == oid::COMMON_NAME)
            .last()
            .map(|attribute| attribute.text.as_str())
    }
}

/// RFC 4514 text: the most specific attribute first, special characters escaped. Attribute types
/// beyond the RFC's table that are customary have their X.520 short names.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, attributes) in self.relative_names.iter().rev().enumerate() {
            if position > 0 {
                formatter.write_str(",")?;
            }
            for (place, attribute) in attributes.iter().enumerate() {
                if place > 0 {
                    formatter.write_str("+")?;
                }
                match short_name(&attribute.oid) {
                    Some(name) => formatter.write_str(name)?,
                    None => attribute.oid.fmt(formatter)?,
                }
                formatter.write_str("=")?;
                write_escaped(formatter, &attribute.text)?;
            }
        }
        Ok(())
    }
}

fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// RFC 4514, 2.4.
fn write_escaped(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.len().saturating_sub(1);
    // What needs no escape is written as it stands, up to the next that does.
    let mut plain = 0;
    for (position, octet) in text.bytes().enumerate() {
        let is_special = match octet {
            b'"' | b'+' | b',' | b';' | b'<' | b'>' | b'\\' => true,
            b' ' => position == 0 || position == last,
            other => other.is_ascii_control(),
        };
        if !is_special {
            continue;
        }
        formatter.write_str(text.get(plain..position).unwrap_or_default())?;
        if octet.is_ascii_control() {
            write!(formatter, "\\{octet:02X}")?;
        } else {
            write!(formatter, "\\{}", char::from(octet))?;
        }
        plain = position.saturating_add(1);
    }
    formatter.write_str(text.get(plain..).unwrap_or_default())
}

fn short_name(oid: &ObjectIdentifier) -> Option<&'static str> {
    Some(match oid.known()? {
        oid::COMMON_NAME => "CN",
        oid::SURNAME => "SN",
        oid::SERIAL_NUMBER => "serialNumber",
        oid::COUNTRY => "C",
        oid::LOCALITY => "L",
        oid::STATE => "ST",
        oid::STREET => "STREET",
        oid::ORGANIZATION => "O",
        oid::ORGANIZATIONAL_UNIT => "OU",
        oid::TITLE => "T",
        oid::TELEPHONE_NUMBER => "telephoneNumber",
        oid::GIVEN_NAME => "GN",
        oid::ORGANIZATION_IDENTIFIER => "organizationIdentifier",
        oid::EMAIL_ADDRESS => "E",
        oid::USER_ID => "UID",
        oid::DOMAIN_COMPONENT => "DC",
        _ => return None,
    })
}

/// The text of a string element; certificates in the wild put other alphabets than the type's
/// into it, so what is no valid UTF-8 is read as Latin-1, octet by octet.
fn text_of(element: &Element<'_>) -> String {
    let hexadecimal = || format!("#{}", trien_types::encode_hex(element.raw()));
    let Ok(octets) = element.string_octets() else {
        return hexadecimal();
    };
    match element.tag() {
        Tag::BMP_STRING => {
            let units = octets.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xfffd,
            });
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        Tag::UNIVERSAL_STRING => octets
            .chunks(4)
            .map(|four| {
                <[u8; 4]>::try_from(four)
                    .ok()
                    .and_then(|four| char::from_u32(u32::from_be_bytes(four)))
                    .unwrap_or(char::REPLACEMENT_CHARACTER)
            })
            .collect(),
        Tag::UTF8_STRING
        | Tag::PRINTABLE_STRING
        | Tag::TELETEX_STRING
        | Tag::IA5_STRING
        | NUMERIC_STRING
        | VISIBLE_STRING => match std::str::from_utf8(&octets) {
            Ok(text) => text.to_owned(),
            Err(_) => octets.iter().map(|octet| char::from(*octet)).collect(),
        },
        _ => hexadecimal(),
    }
}

const NUMERIC_STRING: Tag = Tag::universal(18);
const VISIBLE_STRING: Tag = Tag::universal(26);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{encode_tlv, oid as oid_der, sequence};

    fn name(values: &[(const_oid::ObjectIdentifier, u8, &[u8])]) -> DistinguishedName {
        let sets: Vec<Vec<u8>> = values
            .iter()
            .map(|(oid, tag, value)| {
                let pair = sequence(&[&oid_der(*oid), &encode_tlv(*tag, &[value])]);
                encode_tlv(0x31, &[&pair])
            })
            .collect();
        let der = sequence(&[&sets.concat()]);
        let element = Reader::new(&der, &Limits::default()).element().unwrap();
        DistinguishedName::from_element(&element).unwrap()
    }

    #[test]
    fn strings_of_every_alphabet_become_text() {
        let name = name(&[
            (oid::COUNTRY, 19, b"VN"),
            (oid::ORGANIZATION, 30, &[0x01, 0xA0, 0, b'!']),
            (oid::LOCALITY, 20, &[0xC9, b't']),
            (oid::USER_ID, 12, "MST:0101, \"a\"".as_bytes()),
            (oid::USER_ID, 12, b"CCCD:001"),
            (oid::COMMON_NAME, 12, "Nguyễn Văn A ".as_bytes()),
            (oid::TITLE, 2, &[7]),
        ]);
        assert_eq!(
            name.to_string(),
            "T=#020107,CN=Nguyễn Văn A\\ ,UID=CCCD:001,UID=MST:0101\\, \\\"a\\\",L=Ét,O=Ơ!,C=VN"
        );
        assert_eq!(name.common_name(), Some("Nguyễn Văn A "));
    }

    #[test]
    fn names_in_other_string_types_say_the_same_but_other_words_do_not() {
        let utf8 = name(&[
            (oid::COUNTRY, 12, b"VN"),
            (oid::COMMON_NAME, 12, b"CA  one"),
        ]);
        let printable = name(&[
            (oid::COUNTRY, 19, b"vn"),
            (oid::COMMON_NAME, 19, b"CA One "),
        ]);
        let other = name(&[(oid::COUNTRY, 19, b"VN"), (oid::COMMON_NAME, 19, b"CA two")]);
        assert_ne!(utf8.as_der(), printable.as_der());
        assert!(utf8.says_the_same(&printable));
        assert!(!utf8.says_the_same(&other));
    }
}
