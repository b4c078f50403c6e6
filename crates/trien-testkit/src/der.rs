//! The few DER values that extensions and PKCS#11 attributes need and OpenSSL does not hand out.
//! Encodes only; knows no meaning.

/// SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;

/// One tag, its length in the shortest form, its contents (X.690, 8.1).
pub(crate) fn value(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut octets = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => octets.push(short),
        _ => {
            let big_endian: Vec<u8> = length
                .to_be_bytes()
                .into_iter()
                .skip_while(|octet| *octet == 0)
                .collect();
            // usize has at most 8 octets, so the count fits beside the flag.
            octets.push(0x80 | u8::try_from(big_endian.len()).unwrap_or(0x7F));
            octets.extend(big_endian);
        }
    }
    octets.extend_from_slice(contents);
    octets
}

/// SEQUENCE OF the values.
pub(crate) fn sequence(values: &[Vec<u8>]) -> Vec<u8> {
    value(SEQUENCE, &values.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        assert_eq!(value(4, &[7]), [4, 1, 7]);
        assert_eq!(value(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(value(4, &[0; 300])[..4], [4, 0x82, 1, 44]);
    }
}
