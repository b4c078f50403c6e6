//! What a signer commits to by signing.
//! Does not know how it is encoded.

use std::fmt;

/// A commitment type of ETSI EN 319 122-1, 5.2.3 (RFC 5126, 5.11.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CommitmentType {
    /// The signer recognises to have created, approved and sent the data.
    ProofOfOrigin,
    /// The signer recognises to have received the data.
    ProofOfReceipt,
    /// A deliverer: the data were left where the recipient can reach them.
    ProofOfDelivery,
    /// Whoever sends the data sent them, and need not have created them.
    ProofOfSender,
    /// The signer approves the content.
    ProofOfApproval,
    /// The signer created the data, and need neither have approved nor sent them.
    ProofOfCreation,
}

impl CommitmentType {
    /// Every commitment type, in the order of their identifiers.
    pub const ALL: [Self; 6] = [
        Self::ProofOfOrigin,
        Self::ProofOfReceipt,
        Self::ProofOfDelivery,
        Self::ProofOfSender,
        Self::ProofOfApproval,
        Self::ProofOfCreation,
    ];

    /// The name in files and reports. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ProofOfOrigin => "proof-of-origin",
            Self::ProofOfReceipt => "proof-of-receipt",
            Self::ProofOfDelivery => "proof-of-delivery",
            Self::ProofOfSender => "proof-of-sender",
            Self::ProofOfApproval => "proof-of-approval",
            Self::ProofOfCreation => "proof-of-creation",
        }
    }

    /// The commitment type that a [`CommitmentType::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl fmt::Display for CommitmentType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_commitment_and_back() {
        for one in CommitmentType::ALL {
            assert_eq!(CommitmentType::from_code(one.code()), Some(one));
        }
        assert_eq!(CommitmentType::from_code("approval"), None);
    }
}
