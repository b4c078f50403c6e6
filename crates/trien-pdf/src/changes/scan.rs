//! A pass over the octets of an object: which objects it refers to, and how long its stream says it
//! is. Builds nothing, so that a pass over a whole file is cheap.

use super::extent::Met;
use crate::cursor::{Cursor, parse_unsigned};

/// Calls `note` for each reference of the object whose header the cursor has passed, and gives
/// what its /Length says where it is a stream.
pub(super) fn scan(cursor: &mut Cursor<'_>, note: &mut impl FnMut(u32)) -> Met {
    let mut numbers: [Option<u64>; 2] = [None, None];
    let mut met = Met::NoStream;
    // Numbers since the key /Length, while there is nothing else.
    let mut behind_key: Option<u8> = None;
    loop {
        cursor.skip_white_space();
        let Some(octet) = cursor.peek() else {
            return Met::NoStream;
        };
        match octet {
            b'(' => skip_string(cursor),
            b'<' if cursor.accept(b"<<") => {}
            b'<' => {
                let end = memchr::memchr(b'>', cursor.rest());
                cursor.advance(end.map_or(cursor.rest().len(), |end| end.saturating_add(1)));
            }
            b'/' => {
                cursor.advance(1);
                let name = cursor.regular_run();
                // A name may write its letters as numbers (7.3.5).
                if name == b"Length"
                    || (name.starts_with(b"L") || name.starts_with(b"#")) && name.contains(&b'#')
                {
                    // The second of two, or written strangely.
                    if met != Met::NoStream || name != b"Length" {
                        met = Met::UnclearLength;
                    }
                    behind_key = Some(0);
                    numbers = [None, None];
                    continue;
                }
            }
            b'>' | b'[' | b']' | b'{' | b'}' | b')' | b'%' => cursor.advance(1),
            _ => {
                let run = cursor.regular_run();
                match run {
                    b"endobj" => return Met::NoStream,
                    b"stream" => {
                        return match met {
                            Met::NoStream => Met::UnclearLength,
                            known => known,
                        };
                    }
                    b"R" => {
                        if let Some(number) = numbers[0].and_then(|n| u32::try_from(n).ok()) {
                            note(number);
                        }
                        if behind_key == Some(2) {
                            met = Met::UnclearLength;
                        }
                    }
                    _ => {
                        numbers = [numbers[1], parse_unsigned(run)];
                        match (behind_key, met, numbers[1]) {
                            (Some(0), Met::NoStream, Some(length)) => met = Met::Length(length),
                            (Some(0), ..) => met = Met::UnclearLength,
                            _ => {}
                        }
                        behind_key = behind_key.map(|count| count.saturating_add(1));
                        continue;
                    }
                }
            }
        }
        if behind_key == Some(0) {
            met = Met::UnclearLength;
        }
        behind_key = None;
        numbers = [None, None];
    }
}

fn skip_string(cursor: &mut Cursor<'_>) {
    let mut depth = 0_usize;
    while let Some(octet) = cursor.next() {
        match octet {
            b'\\' => cursor.advance(1),
            b'(' => depth = depth.saturating_add(1),
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            }
            _ => {}
        }
    }
}
