//! The PIN: how it is held, where it comes from, and what a token says about its state.
//! Knows nothing of sessions and never shows, copies or compares a PIN.

use std::fmt;
use std::io::{self, Read};

use cryptoki::types::RawAuthPin;
use secrecy::ExposeSecret;
use zeroize::{Zeroize, Zeroizing};

/// Longest PIN or file password taken, in octets: the longest that the modules known to us
/// announce in `ulMaxPinLen` (`SoftHSM`: 255).
pub const MAX_PIN_OCTETS: usize = 255;

/// A PIN, or the password of a key file. Wiped from memory when dropped; cannot be cloned,
/// printed or compared.
///
/// Invariant: 1 to [`MAX_PIN_OCTETS`] octets. An empty PIN is refused because PKCS#11 takes a
/// missing PIN as the wish to use the token's own pad (PKCS#11 3.1, 5.6.8).
pub struct Pin(RawAuthPin);

impl Pin {
    /// Takes over the text; its memory is wiped with the PIN.
    ///
    /// # Errors
    /// The text is empty or too long.
    pub fn from_text(text: String) -> Result<Self, PinError> {
        Self::from_octets(text.into_bytes())
    }

    /// Takes over the octets; their memory is wiped with the PIN. Some tokens take PINs that are
    /// not UTF-8.
    ///
    /// # Errors
    /// There are no octets or too many.
    pub fn from_octets(mut octets: Vec<u8>) -> Result<Self, PinError> {
        if octets.is_empty() {
            return Err(PinError::Empty);
        }
        if octets.len() > MAX_PIN_OCTETS {
            octets.zeroize();
            return Err(PinError::TooLong);
        }
        Ok(Self(RawAuthPin::new(Box::new(octets))))
    }

    /// Reads the first line, without its line end, from a file or pipe, leaving no copy behind.
    ///
    /// # Errors
    /// The reader fails, or the line is empty or too long.
    pub fn read_line(mut reader: impl Read) -> Result<Self, PinError> {
        // One octet more than the longest PIN and its CR LF shows that a line is too long.
        let mut buffer = Zeroizing::new([0_u8; MAX_PIN_OCTETS + 3]);
        let mut filled = 0_usize;
        while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
            match reader.read(free) {
                Ok(0) => break,
                Ok(octets) => filled = filled.saturating_add(octets),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(PinError::Unreadable(error)),
            }
        }
        let read = buffer.get(..filled).unwrap_or_default();
        let line = read.split(|octet| *octet == b'\n').next();
        let line = line.unwrap_or_default();
        Self::from_octets(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
    }

    /// The form that `C_Login` takes.
    pub(crate) const fn as_raw(&self) -> &RawAuthPin {
        &self.0
    }

    /// The octets, for the password of a key file.
    pub(crate) fn as_octets(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// The octets, for a program that hands the PIN to a process of its own which loads the
    /// module. Whoever copies them must wipe the copy, and never log it.
    #[must_use]
    pub fn expose_octets(&self) -> &[u8] {
        self.as_octets()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pin(hidden)")
    }
}

/// Why octets are no PIN. Never carries them.
#[derive(Debug)]
#[non_exhaustive]
pub enum PinError {
    /// There is nothing in it.
    Empty,
    /// It has more than [`MAX_PIN_OCTETS`] octets.
    TooLong,
    /// The file or pipe it was to come from could not be read.
    Unreadable(io::Error),
}

impl fmt::Display for PinError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                formatter.write_str("the PIN is empty: enter it, or use the token's pad")
            }
            Self::TooLong => write!(formatter, "the PIN has more than {MAX_PIN_OCTETS} octets"),
            Self::Unreadable(_) => formatter.write_str("the PIN could not be read"),
        }
    }
}

impl std::error::Error for PinError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Empty | Self::TooLong => None,
            Self::Unreadable(error) => Some(error),
        }
    }
}

/// Where the PIN for one job comes from.
#[derive(Debug)]
#[non_exhaustive]
pub enum PinSource {
    /// From the caller. It is used for one login, kept only for a key that asks again before each
    /// signature, and wiped when the key is dropped.
    Pin(Pin),
    /// From the token's own pad or the module's own window
    /// (`CKF_PROTECTED_AUTHENTICATION_PATH`).
    ProtectedAuthenticationPath,
}

/// Whether a login may spend the last try before the PIN locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FinalTry {
    /// Refuse with [`TokenError::FinalTryRefused`](crate::TokenError::FinalTryRefused).
    Refuse,
    /// Go on: the user was told that a wrong PIN locks the token.
    AcceptFinalTry,
}

/// What the token's flags say about the user PIN. A token may keep silent (PKCS#11 3.1, 3.2), so
/// [`PinState::Initialised`] is no promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PinState {
    /// A PIN is set and nothing speaks against using it.
    Initialised,
    /// A wrong PIN was entered since the last good one (`CKF_USER_PIN_COUNT_LOW`).
    CountLow,
    /// The next wrong PIN locks the token (`CKF_USER_PIN_FINAL_TRY`).
    FinalTry,
    /// The PIN is locked (`CKF_USER_PIN_LOCKED`).
    Locked,
    /// No PIN is set (`CKF_USER_PIN_INITIALIZED` is missing).
    NotInitialised,
}

impl fmt::Display for PinState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Initialised => "the token reports no lack of tries",
            Self::CountLow => "the token reports that tries are used up",
            Self::FinalTry => "one try is left before the token locks",
            Self::Locked => "the token is locked; its issuer's office unlocks it",
            Self::NotInitialised => "the token has no PIN; set one with its vendor's tool",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_the_first_line_without_its_line_end() {
        for text in ["2468\n", "2468\r\n", "2468", "2468\nsecond line\n"] {
            let pin = Pin::read_line(text.as_bytes()).unwrap();
            assert_eq!(pin.as_octets(), b"2468", "{text:?}");
        }
    }

    #[test]
    fn an_empty_or_endless_pin_is_refused() {
        assert!(matches!(
            Pin::read_line(&b"\n2468"[..]),
            Err(PinError::Empty)
        ));
        assert!(matches!(
            Pin::from_text(String::new()),
            Err(PinError::Empty)
        ));
        assert!(matches!(
            Pin::read_line(io::repeat(b'7')),
            Err(PinError::TooLong)
        ));
        let longest = Pin::from_octets(vec![b'7'; MAX_PIN_OCTETS]);
        assert!(longest.is_ok());
    }

    #[test]
    fn a_pin_does_not_show_in_its_debug_form() {
        let source = PinSource::Pin(Pin::from_text("2468".into()).unwrap());
        assert_eq!(format!("{source:?}"), "Pin(Pin(hidden))");
    }
}
