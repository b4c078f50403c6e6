//! One bit inverted.
//! Knows nothing of what a file means.

use std::error::Error;
use std::fmt;

/// The place to damage lies outside the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutsideFile {
    /// Offset asked for, in octets from the start.
    pub offset: usize,
    /// Length of the file in octets.
    pub length: usize,
}

impl fmt::Display for OutsideFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "offset {} lies outside a file of {} octets",
            self.offset, self.length
        )
    }
}

impl Error for OutsideFile {}

/// A copy of `file` in which the octet at `offset` has its lowest bit inverted: a digit stays a
/// digit and a hexadecimal digit mostly one too, so that readers notice by meaning, not by syntax.
///
/// # Errors
/// The offset lies outside the file.
pub fn flip_octet(file: &[u8], offset: usize) -> Result<Vec<u8>, OutsideFile> {
    let mut damaged = file.to_vec();
    let octet = damaged.get_mut(offset).ok_or(OutsideFile {
        offset,
        length: file.len(),
    })?;
    *octet ^= 1;
    Ok(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_octet_differs_and_no_other() {
        assert_eq!(flip_octet(b"abc", 1).unwrap(), b"acc");
        assert_eq!(
            flip_octet(b"abc", 3).unwrap_err().to_string(),
            "offset 3 lies outside a file of 3 octets"
        );
    }
}
