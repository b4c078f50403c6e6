//! Numbers that nobody can foretell, from OpenSSL's generator.

use std::fmt;

/// OpenSSL's generator has no entropy and gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RandomUnavailable;

impl fmt::Display for RandomUnavailable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("this system has no random numbers to give: try again later")
    }
}

impl std::error::Error for RandomUnavailable {}

/// A nonce of 64 bits for one request (RFC 3161, 2.4.1; RFC 9654).
///
/// # Errors
/// OpenSSL has no random numbers.
pub fn random_nonce() -> Result<u64, RandomUnavailable> {
    let mut octets = [0; 8];
    openssl::rand::rand_bytes(&mut octets).map_err(|_| RandomUnavailable)?;
    Ok(u64::from_be_bytes(octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nonces_differ() {
        assert_ne!(random_nonce().unwrap(), random_nonce().unwrap());
    }
}
