//! The status at a moment, from statements that know none. A convenience: no grace periods, no
//! proofs of existence, no look at the signers' own status; policy has these.

use trien_types::UnixTime;
use trien_x509::ReasonFlags;

use super::{Revocation, StatedStatus, StatusAnswer, StatusStatement};

/// What the statements say of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusAt {
    /// Shown to be good: by every reason.
    Good,
    /// On hold, and nothing newer says that the hold was lifted.
    OnHold(Revocation),
    /// No statement speaks of the moment.
    NotStated,
    /// Revoked, once and for all.
    Revoked(Revocation),
    /// The newest response that speaks of the moment does not know the certificate.
    Unknown,
}

impl StatusAnswer {
    /// The status at `time`.
    ///
    /// A revocation that took effect by then counts whenever it was stated, for it is never
    /// taken back; the earliest is given. Otherwise those statements count that speak of the
    /// moment: made at it or later, or earlier with a next update that is not before it. Of
    /// these the newest decides between hold, unknown and good; good needs statements about all
    /// reasons, and a statement made after the certificate expired must still speak of it. A
    /// revocation that took effect later only shows that the certificate was good.
    #[must_use]
    pub fn status_at(&self, time: UnixTime) -> StatusAt {
        let revoked = self
            .statements
            .iter()
            .filter_map(revocation)
            .filter(|revocation| !revocation.is_hold() && revocation.is_in_effect_at(time))
            .min_by_key(|revocation| revocation.time);
        if let Some(revocation) = revoked {
            return StatusAt::Revoked(revocation);
        }
        let mut speaking: Vec<&StatusStatement> = self
            .statements
            .iter()
            .filter(|statement| speaks_of(statement, time))
            .collect();
        // Stable: of equals the first one stays first.
        speaking.sort_by_key(|statement| std::cmp::Reverse(statement.this_update));
        let mut reasons: Option<ReasonFlags> = None;
        for statement in speaking {
            match statement.status {
                StatedStatus::Revoked(revocation)
                    if revocation.is_hold() && revocation.is_in_effect_at(time) =>
                {
                    return StatusAt::OnHold(revocation);
                }
                StatedStatus::Unknown => return StatusAt::Unknown,
                StatedStatus::Good if !statement.speaks_of_validity_until(self.not_after) => {
                    continue;
                }
                StatedStatus::Good | StatedStatus::Revoked(_) => {}
            }
            let all = reasons.map_or(statement.reasons, |all| all.union(statement.reasons));
            if all.contains(ReasonFlags::ALL) {
                return StatusAt::Good;
            }
            reasons = Some(all);
        }
        StatusAt::NotStated
    }
}

fn revocation(statement: &StatusStatement) -> Option<Revocation> {
    match statement.status {
        StatedStatus::Revoked(revocation) => Some(revocation),
        StatedStatus::Good | StatedStatus::Unknown => None,
    }
}

fn speaks_of(statement: &StatusStatement, time: UnixTime) -> bool {
    statement.this_update >= time || statement.next_update.is_some_and(|next| time <= next)
}
