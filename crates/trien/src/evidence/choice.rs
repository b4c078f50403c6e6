//! Which statements about a status are of use at a time, and which of them are stored.

use trien_trust::revocation::{StatedStatus, StatusAnswer, StatusAt, StatusStatement};
use trien_types::UnixTime;
use trien_x509::ReasonFlags;

/// Made at the time or later, or with a next one that is not before it.
pub(super) fn speaks_of(statement: &StatusStatement, time: UnixTime) -> bool {
    statement.this_update >= time || statement.next_update.is_some_and(|next| time <= next)
}

/// Whether nothing newer could say more: the certificate was revoked, or is good by a statement
/// made at the time or after it.
pub(super) fn is_settled(answer: &StatusAnswer, time: UnixTime) -> bool {
    matches!(answer.status_at(time), StatusAt::Revoked(_)) || is_good_as_of(answer, time, time)
}

/// Whether the certificate is good at `time` by a statement made at `since` or after it.
pub(super) fn is_good_as_of(answer: &StatusAnswer, time: UnixTime, since: UnixTime) -> bool {
    answer.status_at(time) == StatusAt::Good
        && choose(answer, time)
            .iter()
            .any(|statement| statement.this_update >= since)
}

/// The statements that the status at `time` rests on, as few as possible: one that is about every
/// reason, the newest, OCSP before lists of the same age; else all.
pub(super) fn choose(answer: &StatusAnswer, time: UnixTime) -> Vec<StatusStatement> {
    let revoked = matches!(
        answer.status_at(time),
        StatusAt::Revoked(_) | StatusAt::OnHold(_)
    );
    let speaking: Vec<&StatusStatement> = answer
        .statements
        .iter()
        .filter(|statement| match statement.status {
            StatedStatus::Revoked(_) => true,
            StatedStatus::Good => {
                !revoked
                    && speaks_of(statement, time)
                    && statement.speaks_of_validity_until(answer.not_after)
            }
            StatedStatus::Unknown | _ => false,
        })
        .collect();
    // The first of the newest: `max_by_key` would take the last.
    let best = speaking
        .iter()
        .filter(|statement| revoked || statement.reasons.contains(ReasonFlags::ALL))
        .min_by_key(|statement| std::cmp::Reverse((statement.this_update, statement.produced_at)));
    match best {
        Some(best) => vec![(*best).clone()],
        None => speaking.into_iter().cloned().collect(),
    }
}
