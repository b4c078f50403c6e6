//! Who may come to which address. What is not named here takes paired callers alone.
//! Does not know how it is told who comes.

/// Who may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Any page and any program on this machine: what there is to know before pairing.
    Anyone,
    /// Pages of the daemon's own, also when a link of another page leads there.
    OwnPage,
    /// Pages of the daemon's own, and what they call; opened by the daemon, by nobody's link.
    Own,
    /// Paired pages and programs.
    Paired,
}

impl Door {
    /// The door before a path. Works on the path as it was sent, as the routes do: an encoded letter
    /// makes it another path, which has no route.
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/v1/status" | "/v1/pairings" | "/trien.js" | "/trien.d.ts" | "/csc/v1/info"
            | "/csc/v2/info" => Self::Anyone,
            "/" | "/status" | "/docs" | "/openapi.json" => Self::OwnPage,
            "/consent" => Self::Own,
            _ if path.starts_with("/v1/pairings/") => Self::Anyone,
            _ if ["/consent/", "/status/", "/docs/", "/assets/"]
                .iter()
                .any(|start| path.starts_with(start)) =>
            {
                Self::Own
            }
            _ => Self::Paired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_nobody_named_takes_paired_callers_alone() {
        for path in [
            "/v1/jobs",
            "/csc/v1/credentials/list",
            "/csc/v1/infos",
            "/v1/statusx",
            "/V1/status",
            "/v1/%73tatus",
            "/consentx",
            "",
        ] {
            assert_eq!(Door::of(path), Door::Paired, "{path}");
        }
        assert_eq!(Door::of("/v1/pairings/abc"), Door::Anyone);
        assert_eq!(Door::of("/consent/answer"), Door::Own);
        assert_eq!(Door::of("/status"), Door::OwnPage);
    }
}
