//! The log's entries of trust anchors. The anchors themselves are files in a folder, which an
//! administrator may also change by hand.
//! Does not read that folder.

use trien_types::{CertificateId, UnixTime};

use super::Store;
use super::audit::{Action, Actor, append};
use super::canonical::Canonical;
use super::error::StoreError;
use crate::consent::AnchorChange;

impl Store {
    /// Logs that a certificate became a trust anchor, or is none any more, together with what does
    /// it: neither stands without the other, unless the machine stops in between.
    ///
    /// # Errors
    /// What does it fails, the actor may do nothing any more, or the log cannot be written.
    pub fn change_anchor(
        &mut self,
        (change, certificate): (AnchorChange, CertificateId),
        actor: Actor,
        time: UnixTime,
        make: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            let action = match change {
                AnchorChange::Add => Action::AnchorAdded,
                AnchorChange::Remove => Action::AnchorRemoved,
            };
            let subject = Canonical::of("trien.anchor/1")
                .hash_value(certificate.into())
                .hash();
            append(transaction, time, actor, action, subject)?;
            make()
        })
    }
}
