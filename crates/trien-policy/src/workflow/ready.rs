//! The workflows that come with the program. LEGAL.md hb.order: no MOET text fixes the chains; these
//! are what schools' papers say, and every school may load its own.

use super::{Workflow, WorkflowError};

/// Id and text of each.
const READY: [(&str, &str); 6] = [
    ("cong-van-di", include_str!("ready/cong-van-di.toml")),
    (
        "hoc-ba-thcs-thpt",
        include_str!("ready/hoc-ba-thcs-thpt.toml"),
    ),
    (
        "hoc-ba-tieu-hoc",
        include_str!("ready/hoc-ba-tieu-hoc.toml"),
    ),
    (
        "ke-hoach-bai-day",
        include_str!("ready/ke-hoach-bai-day.toml"),
    ),
    (
        "ke-hoach-giao-duc",
        include_str!("ready/ke-hoach-giao-duc.toml"),
    ),
    (
        "so-theo-doi-danh-gia",
        include_str!("ready/so-theo-doi-danh-gia.toml"),
    ),
];

impl Workflow {
    /// The ids of the workflows that come with the program.
    #[must_use]
    pub fn ready_ids() -> [&'static str; 6] {
        READY.map(|(id, _)| id)
    }

    /// The TOML of a ready workflow, to start an own one from.
    #[must_use]
    pub fn ready_text(id: &str) -> Option<&'static str> {
        let found = READY.iter().find(|(known, _)| *known == id);
        found.map(|(_, text)| *text)
    }

    /// The ready workflow of this id; `None` when there is none.
    ///
    /// # Errors
    /// Never for a text that a test has read; the same error as [`Workflow::from_toml`].
    pub fn ready(id: &str) -> Result<Option<Self>, WorkflowError> {
        Self::ready_text(id).map(Self::from_toml).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, SigningAct};

    #[test]
    fn every_ready_workflow_is_read_under_its_own_name() {
        for id in Workflow::ready_ids() {
            let workflow = Workflow::ready(id).unwrap().unwrap();
            assert_eq!(workflow.id(), id);
            for language in [Language::Vi, Language::En] {
                assert!(!workflow.title(language).is_empty());
            }
        }
        assert_eq!(Workflow::ready("so-dau-bai"), Ok(None));
    }

    #[test]
    fn what_is_issued_ends_with_the_seal() {
        for id in ["cong-van-di", "hoc-ba-thcs-thpt", "hoc-ba-tieu-hoc"] {
            let workflow = Workflow::ready(id).unwrap().unwrap();
            let last = workflow.steps().last().unwrap();
            assert_eq!(last.act(), SigningAct::Seal, "{id}");
        }
    }
}
