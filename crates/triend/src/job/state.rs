//! How far a job and its documents are. Does not know what moves them on.

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobState {
    /// Documents are still to come.
    Collecting,
    /// All are there; the rules are being asked about each.
    Examining,
    /// The person at the machine is asked.
    AwaitingConsent,
    /// The token signs.
    Signing,
    /// Every document was signed or refused by itself.
    Finished,
    /// Something ended it before its end: see why.
    Stopped,
    /// The caller or the person ended it.
    Cancelled,
}

/// How far a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentState {
    /// Its octets are still to come.
    Awaited,
    /// It is there.
    Received,
    /// The rules or its own form forbid the signature.
    Refused,
    /// It is being signed.
    Signing,
    /// The signed document is on the disk.
    Signed,
    /// It was not signed.
    Failed,
    /// It was not signed because the job was cancelled.
    Cancelled,
}

impl JobState {
    const ALL: [Self; 7] = [
        Self::Collecting,
        Self::Examining,
        Self::AwaitingConsent,
        Self::Signing,
        Self::Finished,
        Self::Stopped,
        Self::Cancelled,
    ];

    /// The name in answers and in the store. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Examining => "examining",
            Self::AwaitingConsent => "awaiting-consent",
            Self::Signing => "signing",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that a [`JobState::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing moves it on by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Stopped | Self::Cancelled)
    }
}

impl DocumentState {
    const ALL: [Self; 7] = [
        Self::Awaited,
        Self::Received,
        Self::Refused,
        Self::Signing,
        Self::Signed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The name in answers and in the store. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Signing => "signing",
            Self::Signed => "signed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that a [`DocumentState::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it was tried and not signed.
    #[must_use]
    pub const fn is_unsigned_end(self) -> bool {
        matches!(self, Self::Refused | Self::Failed | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_back_from_its_name() {
        for state in JobState::ALL {
            assert_eq!(JobState::from_code(state.code()), Some(state));
        }
        for state in DocumentState::ALL {
            assert_eq!(DocumentState::from_code(state.code()), Some(state));
        }
    }
}
