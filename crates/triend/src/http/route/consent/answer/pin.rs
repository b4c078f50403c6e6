//! The PIN of an answer: read without another copy, and refused where it cannot be a token's, so
//! that no try of it is used.
//! Tries none.

use trien::token::{Pin, ProtectedAuthenticationPath};
use trien_types::CertificateId;
use zeroize::Zeroizing;

use crate::rejection::{Code, Rejection};
use crate::store::is_unprintable;
use crate::token_worker::{ModuleReport, TokenReport};

/// The PIN of a JSON string (RFC 8259, 7), with its number of octets.
///
/// # Errors
/// It is no string, is empty, or nobody types it.
pub(super) fn read(json: &str) -> Result<(usize, Pin), Rejection> {
    let malformed = || Rejection::new(Code::RequestMalformed);
    let inside = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or_else(malformed)?;
    // As long as the text at most: it never grows, so no part of it is left behind.
    let mut plain = Zeroizing::new(String::with_capacity(inside.len()));
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        let character = if character == '\\' {
            unescaped(&mut characters).ok_or_else(malformed)?
        } else {
            character
        };
        plain.push(character);
    }
    typed(&plain)?;
    let octets = plain.len();
    Pin::from_text(std::mem::take(&mut *plain))
        .map(|pin| (octets, pin))
        .map_err(|_| wrong_length())
}

/// Whether a PIN of so many octets, or none, goes with the token of a certificate. What is not
/// plugged in now is not judged.
///
/// # Errors
/// There is none and no pad asks for it, or no token with the certificate takes one of this length.
pub(super) fn fits(
    modules: &[ModuleReport],
    certificate: &CertificateId,
    octets: Option<usize>,
) -> Result<(), Rejection> {
    let holds = |token: &&TokenReport| {
        token
            .signing_certificates()
            .any(|held| held.id == *certificate)
    };
    let mut holders = modules.iter().flat_map(ModuleReport::tokens).filter(holds);
    let fits = |token: &TokenReport| match octets {
        None => token.protected_authentication_path == ProtectedAuthenticationPath::Present,
        Some(octets) => token.takes_pin_of(octets),
    };
    // One token may be reached by two modules.
    match holders.next() {
        Some(first) if !fits(first) && !holders.any(fits) => Err(match octets {
            None => Code::PinMissing.into(),
            Some(_) => wrong_length(),
        }),
        Some(_) | None => Ok(()),
    }
}

fn wrong_length() -> Rejection {
    said("độ dài không đúng", "its length is wrong")
}

fn said(vietnamese: &str, english: &str) -> Rejection {
    Rejection::in_words(
        Code::PinMalformed,
        vietnamese.to_owned(),
        english.to_owned(),
    )
}

/// Refuses what keyboards and input methods put beside a PIN.
fn typed(plain: &str) -> Result<(), Rejection> {
    if plain.is_empty() {
        return Err(Code::PinMissing.into());
    }
    if plain.chars().any(is_unprintable) {
        return Err(said(
            "có ký tự không nhìn thấy",
            "it has a character that cannot be seen",
        ));
    }
    if plain.trim().len() != plain.len() {
        return Err(said(
            "có dấu cách ở đầu hoặc cuối",
            "it begins or ends with a space",
        ));
    }
    let foreign = |character: char| character.is_numeric() && !character.is_ascii();
    if plain.chars().any(foreign) {
        return Err(said(
            "có chữ số không phải 0-9: hãy tắt bộ gõ",
            "it has digits other than 0-9: switch the input method off",
        ));
    }
    Ok(())
}

/// What stands behind a backslash. Halves of surrogate pairs are refused: no PIN has them.
fn unescaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        '"' => '"',
        '\\' => '\\',
        '/' => '/',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let mut number = 0_u32;
            for _ in 0..4 {
                let digit = characters.next()?.to_digit(16)?;
                number = number.checked_mul(16)?.checked_add(digit)?;
            }
            char::from_u32(number)?
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(json: &str) -> Code {
        read(json).map(|_| ()).unwrap_err().code()
    }

    #[test]
    fn a_pin_is_read_as_json_has_it() {
        for json in [
            r#""1234""#,
            r#""a\"\\\/b""#,
            r#""\u00e1""#,
            "\"á\"",
            "\"1 2\"",
        ] {
            assert!(read(json).is_ok(), "{json}");
        }
        assert_eq!(read("\"á1\"").unwrap().0, 3);
        for json in ["1234", "null", r#""\ud83d\ude00""#, r#""\x""#, r#""\u12""#] {
            assert_eq!(code(json), Code::RequestMalformed, "{json}");
        }
    }

    #[test]
    fn what_nobody_types_as_a_pin_is_said_before_a_try_is_used() {
        assert_eq!(code(r#""""#), Code::PinMissing);
        for json in [
            r#""12\n34""#,
            r#""1234\u0000""#,
            "\"12\u{200b}34\"",
            "\"\u{202e}1234\"",
            "\" 1234\"",
            "\"1234 \"",
            "\"１２３４\"",
            "\"١٢٣٤\"",
        ] {
            let refused = read(json).map(|_| ()).unwrap_err();
            assert_eq!(refused.code(), Code::PinMalformed, "{json}");
            assert!(refused.details().is_some());
            assert!(!refused.message().contains("34"));
        }
        assert_eq!(
            code(&format!("\"{}\"", "7".repeat(256))),
            Code::PinMalformed
        );
    }
}
