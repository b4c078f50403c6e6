//! Digests that a client names: of one length, each once, of an algorithm that is strong enough.
//! Does not know what they are of.

use trien::DigestAlgorithm;

use super::parameters::Parameters;
use super::{CscError, MOST_SIGNATURES, algorithm};

/// Digests of one algorithm, in the order they came, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digests {
    /// Stated by the client, or the one of this length: SHA-2 has one of each.
    pub(super) algorithm: DigestAlgorithm,
    pub(super) values: Vec<Vec<u8>>,
}

impl Digests {
    /// The hashes of a request.
    pub(super) fn of(parameters: &Parameters<'_>) -> Result<Self, CscError> {
        let values = parameters.required_hashes()?;
        let stated = match parameters.hash_algorithm()? {
            None => None,
            Some(oid) => Some(
                algorithm::digest_of_oid(&oid)
                    .ok_or_else(|| CscError::invalid(parameters.hash_algorithm_name()))?,
            ),
        };
        Self::new(values, stated)
    }

    pub(super) fn new(
        values: Vec<Vec<u8>>,
        stated: Option<DigestAlgorithm>,
    ) -> Result<Self, CscError> {
        if values.len() > MOST_SIGNATURES {
            return Err(CscError::request("Numbers of signatures is too high"));
        }
        let wrong_length = || CscError::request("Invalid digest value length");
        let octets = values.first().map_or(0, Vec::len);
        let of_length = algorithm::digest_of_length(octets).ok_or_else(wrong_length)?;
        let algorithm = stated.unwrap_or(of_length);
        let fits = |value: &Vec<u8>| value.len() == algorithm.octets();
        if !values.iter().all(fits) {
            return Err(wrong_length());
        }
        let mut sorted: Vec<&Vec<u8>> = values.iter().collect();
        sorted.sort_unstable();
        let doubled = sorted
            .iter()
            .zip(sorted.iter().skip(1))
            .any(|(one, next)| one == next);
        if doubled {
            return Err(CscError::invalid("hash"));
        }
        Ok(Self { algorithm, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_of_one_strong_length_and_each_stands_there_once() {
        let new = |values: &[(u8, usize)], stated| {
            let values = values
                .iter()
                .map(|(octet, len)| vec![*octet; *len])
                .collect();
            Digests::new(values, stated).map_err(|error| error.description().to_owned())
        };
        let length = Err("Invalid digest value length".to_owned());
        assert_eq!(
            new(&[(1, 48), (2, 48)], None).unwrap().algorithm,
            DigestAlgorithm::Sha384
        );
        assert!(new(&[(1, 64)], Some(DigestAlgorithm::Sha512)).is_ok());
        // SHA-1, two lengths, another algorithm's length, nothing.
        assert_eq!(new(&[(1, 20)], None), length);
        assert_eq!(new(&[(1, 32), (2, 48)], None), length);
        assert_eq!(new(&[(1, 32)], Some(DigestAlgorithm::Sha512)), length);
        assert_eq!(new(&[(1, 0)], None), length);
        assert_eq!(
            new(&[(1, 32), (2, 32), (1, 32)], None),
            Err("Invalid parameter hash".to_owned())
        );
        let many: Vec<(u8, usize)> = vec![(1, 32); 1_001];
        assert_eq!(
            new(&many, None),
            Err("Numbers of signatures is too high".to_owned())
        );
    }
}
