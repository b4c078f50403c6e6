//! The few DER values that extensions and PKCS#11 attributes need and OpenSSL does not hand out.
//! Encodes only; knows no meaning.

use trien_types::{UnixTime, UtcOffset};

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

/// `GeneralizedTime` as DER and RFC 5280, 4.1.2.5.2 want it: UTC, seconds, no fraction.
pub(crate) fn generalized_time(time: UnixTime) -> Vec<u8> {
    value(0x18, calendar(time).as_bytes())
}

/// Time: `UTCTime` through 2049, `GeneralizedTime` from 2050 (RFC 5280, 4.1.2.5).
pub(crate) fn time(time: UnixTime) -> Vec<u8> {
    let text = calendar(time);
    match text.get(2..) {
        Some(short) if ("1950".."2050").contains(&text.get(..4).unwrap_or_default()) => {
            value(0x17, short.as_bytes())
        }
        _ => value(0x18, text.as_bytes()),
    }
}

fn calendar(time: UnixTime) -> String {
    let digits = time.to_rfc3339(UtcOffset::UTC).replace(['-', ':', 'T'], "");
    format!("{}Z", digits.get(..14).unwrap_or_default())
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

    #[test]
    fn times_change_their_form_in_2050() {
        let early = UnixTime::from_rfc3339("2026-05-31T01:02:03Z").unwrap();
        assert_eq!(time(early)[2..], *b"260531010203Z");
        assert_eq!(generalized_time(early)[2..], *b"20260531010203Z");
        let late = UnixTime::from_rfc3339("2050-01-01T00:00:00Z").unwrap();
        assert_eq!(time(late)[..2], [0x18, 15]);
    }
}
