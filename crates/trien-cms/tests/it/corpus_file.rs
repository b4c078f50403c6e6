//! Signatures of a PDF found by their ByteRange alone: enough to feed this crate, no PDF reader.

use trien_cms::SubFilter;

/// One signature: the octets of /Contents, what it covers, and the format named near it.
pub(crate) struct Found {
    pub(crate) contents: Vec<u8>,
    pub(crate) spans: [std::ops::Range<usize>; 2],
    pub(crate) sub_filter: Option<SubFilter>,
    pub(crate) certificates: Vec<Vec<u8>>,
}

/// Every ByteRange of four numbers whose gap is one hexadecimal string.
pub(crate) fn signatures(file: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    for start in occurrences(file, b"/ByteRange") {
        let rest = &file[start + 10..];
        let Some(numbers) = four_numbers(rest) else {
            continue;
        };
        let [first, first_length, second, second_length] = numbers;
        let (Some(first_end), Some(second_end)) = (
            first.checked_add(first_length),
            second.checked_add(second_length),
        ) else {
            continue;
        };
        if first != 0 || first_end > second || second_end > file.len() {
            continue;
        }
        let Some(contents) = hexadecimal(&file[first_end..second]) else {
            continue;
        };
        // The dictionary: from the object's header to its end, around ByteRange and gap.
        let from = last(&file[..start.min(first_end)], b" obj").unwrap_or(0);
        let to = start.max(second);
        let to = to + first_of(&file[to..], b"endobj").unwrap_or(0);
        let mut dictionary = file[from..first_end.max(from)].to_vec();
        dictionary.extend_from_slice(&file[second.min(to)..to]);
        found.push(Found {
            contents,
            spans: [0..first_end, second..second_end],
            sub_filter: name_after(&dictionary, b"/SubFilter")
                .and_then(|name| SubFilter::from_name(&name)),
            certificates: certificates(&dictionary),
        });
    }
    found
}

/// /Cert as a string of either kind, or an array of hexadecimal ones.
fn certificates(dictionary: &[u8]) -> Vec<Vec<u8>> {
    let Some(at) = first_of(dictionary, b"/Cert") else {
        return Vec::new();
    };
    let rest = &dictionary[at + 5..];
    if rest.first() == Some(&b'(') {
        return vec![literal(&rest[1..])];
    }
    let mut found = Vec::new();
    for part in rest.split(|octet| *octet == b'<').skip(1) {
        let end = part.iter().position(|octet| *octet == b'>').unwrap_or(0);
        let mut token = vec![b'<'];
        token.extend_from_slice(&part[..end]);
        token.push(b'>');
        match hexadecimal(&token) {
            Some(octets) if octets.first() == Some(&0x30) => found.push(octets),
            _ => break,
        }
    }
    found
}

/// A literal string without its first parenthesis (ISO 32000-2, 7.3.4.2).
fn literal(octets: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut position = 0;
    while let Some(octet) = octets.get(position) {
        position += 1;
        match octet {
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            b'\\' => {
                let escaped = octets.get(position).copied().unwrap_or_default();
                position += 1;
                let value = match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'0'..=b'7' => {
                        let mut value = u32::from(escaped - b'0');
                        while let Some(digit @ b'0'..=b'7') = octets.get(position) {
                            value = value * 8 + u32::from(digit - b'0');
                            position += 1;
                        }
                        value as u8
                    }
                    other => other,
                };
                found.push(value);
                continue;
            }
            _ => {}
        }
        found.push(*octet);
    }
    found
}

fn occurrences(file: &[u8], word: &[u8]) -> Vec<usize> {
    file.windows(word.len())
        .enumerate()
        .filter(|(_, window)| *window == word)
        .map(|(position, _)| position)
        .collect()
}

fn first_of(octets: &[u8], word: &[u8]) -> Option<usize> {
    octets.windows(word.len()).position(|window| window == word)
}

fn last(octets: &[u8], word: &[u8]) -> Option<usize> {
    octets
        .windows(word.len())
        .rposition(|window| window == word)
}

fn four_numbers(octets: &[u8]) -> Option<[usize; 4]> {
    let octets = &octets[..octets.len().min(200)];
    let open = octets.iter().position(|octet| *octet == b'[')?;
    let close = octets.iter().position(|octet| *octet == b']')?;
    let text = std::str::from_utf8(octets.get(open + 1..close)?).ok()?;
    let numbers: Vec<usize> = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    numbers.try_into().ok()
}

fn hexadecimal(token: &[u8]) -> Option<Vec<u8>> {
    let [b'<', digits @ .., b'>'] = token else {
        return None;
    };
    let mut text: String = digits
        .iter()
        .filter(|octet| !octet.is_ascii_whitespace())
        .map(|octet| char::from(*octet))
        .collect();
    if text.len() % 2 == 1 {
        text.push('0');
    }
    trien_types::decode_hex(&text).ok()
}

fn name_after(dictionary: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let at = first_of(dictionary, key)? + key.len();
    let rest = &dictionary[at..];
    let slash = rest.iter().position(|octet| *octet == b'/')?;
    Some(
        rest[slash + 1..]
            .iter()
            .copied()
            .take_while(|octet| octet.is_ascii_alphanumeric() || b"._".contains(octet))
            .collect(),
    )
}
