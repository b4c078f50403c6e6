//! Objects to bytes (ISO 32000-2, 7.3), the same value always to the same bytes.

use std::fmt::Write as _;

use crate::cursor::is_regular;
use crate::{Dictionary, Name, Object, PdfString, StringForm};

/// Appends `object` as ISO 32000-2, 7.3 writes it. A stream is written as its dictionary alone.
pub(crate) fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(value) => write_text(out, format_args!("{value}")),
        // Rust prints the shortest text that reads back as the same number, never an exponent.
        // Zero has no sign: a negative one would be read back as the integer 0 and written as that.
        Object::Real(value) => write_text(out, format_args!("{}", *value + 0.0)),
        Object::Reference(id) => write_text(out, format_args!("{id} R")),
        Object::Name(name) => write_name(out, name),
        Object::String(string) => write_string(out, string),
        Object::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, element);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Stream(stream) => write_dictionary(out, &stream.dictionary),
    }
}

pub(crate) fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for entry in dictionary.entries() {
        write_name(out, &entry.key);
        out.push(b' ');
        write_object(out, &entry.value);
    }
    out.extend_from_slice(b">>");
}

pub(crate) fn write_text(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let mut buffer = String::new();
    // Writing to a String cannot fail.
    let _ = buffer.write_fmt(text);
    out.extend_from_slice(buffer.as_bytes());
}

fn write_name(out: &mut Vec<u8>, name: &Name) {
    out.push(b'/');
    for octet in name.as_octets() {
        if is_regular(*octet) && *octet != b'#' && matches!(octet, 0x21..=0x7E) {
            out.push(*octet);
        } else {
            write_text(out, format_args!("#{octet:02X}"));
        }
    }
}

fn write_string(out: &mut Vec<u8>, string: &PdfString) {
    match string.form {
        StringForm::Literal => {
            out.push(b'(');
            for octet in &string.octets {
                match octet {
                    b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *octet]),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    b'\n' => out.extend_from_slice(b"\\n"),
                    other => out.push(*other),
                }
            }
            out.push(b')');
        }
        StringForm::Hexadecimal | StringForm::HexadecimalOdd => {
            out.push(b'<');
            write_hexadecimal(out, &string.octets);
            out.push(b'>');
        }
    }
}

pub(crate) fn write_hexadecimal(out: &mut Vec<u8>, octets: &[u8]) {
    // Without a table, so that the compiler takes many at a time: a value has thousands of digits.
    let digit = |nibble: u8| {
        let first = if nibble < 10 { b'0' } else { b'a' - 10 };
        nibble.wrapping_add(first)
    };
    let start = out.len();
    out.resize(start.saturating_add(octets.len().saturating_mul(2)), 0);
    let digits = out.get_mut(start..).unwrap_or_default();
    for (pair, octet) in digits.as_chunks_mut::<2>().0.iter_mut().zip(octets) {
        *pair = [digit(octet >> 4), digit(octet & 15)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use trien_types::Limits;

    #[test]
    fn every_octet_has_its_two_digits() {
        let octets: Vec<u8> = (0..=u8::MAX).collect();
        let mut written = b"<".to_vec();
        write_hexadecimal(&mut written, &octets);
        let expected: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(written, format!("<{expected}").into_bytes());
    }

    fn round_trip(object: &Object) -> Object {
        let mut bytes = Vec::new();
        write_object(&mut bytes, object);
        let mut cursor = crate::cursor::Cursor::new(&bytes, 0);
        crate::parse::direct_object(&mut cursor, &Limits::default()).unwrap()
    }

    fn any_object() -> impl Strategy<Value = Object> {
        let name = proptest::collection::vec(1_u8.., 0..8).prop_map(Name::new);
        let string = proptest::collection::vec(any::<u8>(), 0..12);
        let leaf = prop_oneof![
            Just(Object::Null),
            any::<bool>().prop_map(Object::Boolean),
            any::<i64>().prop_map(Object::Integer),
            (-1e6_f64..1e6).prop_map(Object::Real),
            name.clone().prop_map(Object::Name),
            string.clone().prop_map(|octets| Object::String(PdfString {
                octets,
                form: StringForm::Literal
            })),
            string.prop_map(|octets| Object::String(PdfString {
                octets,
                form: StringForm::Hexadecimal
            })),
            (any::<u32>(), any::<u16>()).prop_map(|(number, generation)| Object::Reference(
                crate::ObjectId { number, generation }
            )),
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Object::Array),
                proptest::collection::vec(("[A-Z]{1,4}", inner), 0..6).prop_map(|entries| {
                    let mut dictionary = Dictionary::new();
                    for (key, value) in entries {
                        dictionary.set(&key, value);
                    }
                    Object::Dictionary(dictionary)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(object in any_object()) {
            let again = round_trip(&object);
            // A real without fraction is written as an integer, which is the same number.
            prop_assert!(same(&again, &object), "{again:?}");
        }
    }

    fn same(left: &Object, right: &Object) -> bool {
        match (left, right) {
            (Object::Array(left), Object::Array(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
            }
            (Object::Dictionary(left), Object::Dictionary(right)) => {
                left.entries().len() == right.entries().len()
                    && left.entries().iter().all(|entry| {
                        let key = entry.key.to_string();
                        right
                            .get(&key)
                            .is_some_and(|value| same(&entry.value, value))
                    })
            }
            _ => match (
                crate::field::number_of(left),
                crate::field::number_of(right),
            ) {
                (Some(left), Some(right)) => (left - right).abs() < f64::EPSILON,
                _ => left == right,
            },
        }
    }
}
