//! The form of a workflow in TOML, as written: nothing is checked here but names and types.

use serde::Deserialize;
use toml::Spanned;

use crate::SignerKind;
use crate::workflow::place::Place;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkflowText {
    pub(super) id: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) title_en: Spanned<String>,
    pub(super) step: Vec<Spanned<StepText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepText {
    pub(super) id: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) title_en: Spanned<String>,
    pub(super) signatories: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) act: ActText,
    pub(super) certificates: Option<Spanned<Vec<SignerKind>>>,
    pub(super) commitment: Option<Spanned<String>>,
    pub(super) field: Option<Spanned<String>>,
    pub(super) fields: Option<Vec<Spanned<String>>>,
    pub(super) count: Option<Spanned<CountText>>,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) same_signer: SameSignerText,
    pub(super) after: Option<Vec<Spanned<String>>>,
    pub(super) place: Option<Spanned<Place>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub(super) struct CountText {
    pub(super) at_least: usize,
    pub(super) at_most: usize,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ActText {
    #[default]
    Personal,
    Seal,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SameSignerText {
    #[default]
    Once,
    Repeated,
}
