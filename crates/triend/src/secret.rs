//! Random words that open something: pairing tokens, consent secrets, activation data.
//! Does not know what they open.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// As many random octets as no search finds.
const OCTETS: usize = 32;

/// 32 random octets. Neither printed nor logged: [`Secret::reveal`] gives the text once it must
/// leave, and what is kept is [`Secret::fingerprint`].
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret([u8; OCTETS]);

/// SHA-256 of a secret: tells whether another is the same, and does not give it back.
#[derive(Clone, Copy)]
pub struct SecretFingerprint([u8; 32]);

/// The operating system gave no random octets; nothing secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoRandomness;

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// The operating system gives no random octets.
    pub fn new() -> Result<Self, NoRandomness> {
        let mut octets = [0; OCTETS];
        getrandom::fill(&mut octets).map_err(|_| NoRandomness)?;
        Ok(Self(octets))
    }

    /// Reads the text that [`Secret::reveal`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut octets = [0; OCTETS];
        // One octet more than needed would be another secret: the length is asked first.
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut octets).ok()?;
        (length == OCTETS).then_some(Self(octets))
    }

    /// The text: base64url without padding, 43 characters.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// From octets that were kept because both sides need them.
    #[must_use]
    pub const fn from_octets(octets: [u8; OCTETS]) -> Self {
        Self(octets)
    }

    /// The octets: for those that both sides need.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8; OCTETS] {
        &self.0
    }

    /// What may be kept of it.
    #[must_use]
    pub fn fingerprint(&self) -> SecretFingerprint {
        SecretFingerprint(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

impl SecretFingerprint {
    /// The 32 octets, as they are kept.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8; 32] {
        &self.0
    }

    /// From what was kept.
    #[must_use]
    pub const fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }
}

impl fmt::Debug for SecretFingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretFingerprint(..)")
    }
}

impl PartialEq for SecretFingerprint {
    /// In a time that does not depend on where they differ.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretFingerprint {}

impl fmt::Display for NoRandomness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the operating system gives no random octets: restart the machine")
    }
}

impl std::error::Error for NoRandomness {}

/// A text that was a secret, overwritten when it is dropped.
pub fn forget(mut text: String) {
    text.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_no_other_text_is() {
        let secret = Secret::new().unwrap();
        let text = secret.reveal();
        assert_eq!(text.len(), 43);
        let again = Secret::parse(&text).unwrap();
        assert_eq!(again.fingerprint(), secret.fingerprint());
        assert_ne!(Secret::new().unwrap().fingerprint(), secret.fingerprint());
        for wrong in [
            "",
            "x",
            text.trim_start_matches(text.chars().next().unwrap()),
            &format!("{text}A"),
            &format!("{text}="),
        ] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn neither_secret_nor_fingerprint_is_printed() {
        let secret = Secret::new().unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        assert_eq!(
            format!("{:?}", secret.fingerprint()),
            "SecretFingerprint(..)"
        );
    }
}
