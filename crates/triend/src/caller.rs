//! Who calls: a page of a paired origin, or a paired program that has no origin.
//! Does not know how either was paired.

use std::collections::BTreeSet;
use std::fmt;

/// A web origin (RFC 6454): scheme, host and port, as browsers write it in `Origin`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

/// Number of a pairing in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PairingId(i64);

/// Whoever may ask for something. Jobs and activation data belong to one caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Caller {
    /// Which pairing lets it in.
    pub pairing: PairingId,
    /// The page's origin; none for a program.
    pub origin: Option<Origin>,
    /// What it calls itself: shown to people beside the origin, and never trusted.
    pub name: String,
    /// What it may do beside signing and verifying.
    pub rights: BTreeSet<Right>,
}

/// What a pairing may do beside signing and verifying, which the person agrees to each time or which
/// changes nothing. No pairing has it from the start: the person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Right {
    /// Reads the register of signers, the evidence kept with records and the audit log: names of
    /// people and numbers of documents.
    ReadRecords,
    /// Also adds to them. What the law keeps is ended or withdrawn, never changed.
    WriteRecords,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::ReadRecords, Self::WriteRecords];

    /// The name in the store and in calls. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadRecords => "records-read",
            Self::WriteRecords => "records-write",
        }
    }

    /// The right that a [`Right::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.code() == code)
    }
}

/// Longest origin that is read: a host name has at most 253 characters.
const LONGEST_ORIGIN: usize = 300;

impl Origin {
    /// Reads an origin as browsers serialise it: `https://school.example`, with a port only
    /// where it is not the scheme's own, in lower case, nothing behind it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_ORIGIN {
            return None;
        }
        let (own_port, authority) = match text.split_once("://")? {
            ("https", rest) => ("443", rest),
            ("http", rest) => ("80", rest),
            _ => return None,
        };
        let (host, port) = if let Some(end) = authority.strip_prefix('[') {
            let (inside, behind) = end.split_once(']')?;
            inside.parse::<std::net::Ipv6Addr>().ok()?;
            (
                inside,
                behind.strip_prefix(':').or(behind.is_empty().then_some("")),
            )
        } else {
            match authority.split_once(':') {
                Some((host, port)) => (host, Some(port).filter(|port| !port.is_empty())),
                None => (authority, Some("")),
            }
        };
        let port = port?;
        let digits = !port.starts_with('0') && port.parse::<u16>().is_ok();
        let port_fits = port.is_empty() || (digits && port != own_port);
        let host_fits = !host.is_empty()
            && host.bytes().all(|octet| {
                octet.is_ascii_lowercase() || octet.is_ascii_digit() || b"-._:".contains(&octet)
            });
        (port_fits && host_fits).then(|| Self(text.to_owned()))
    }

    /// Whether nobody on the way can change the page: it comes over https, or from this machine
    /// (W3C Secure Contexts, 3.1).
    #[must_use]
    pub fn is_trustworthy(&self) -> bool {
        let Some(authority) = self.0.strip_prefix("http://") else {
            return true;
        };
        let host = match authority.strip_prefix('[') {
            Some(rest) => rest.split(']').next(),
            None => authority.split(':').next(),
        };
        host.is_some_and(|host| {
            matches!(host, "localhost" | "127.0.0.1" | "::1") || host.ends_with(".localhost")
        })
    }

    /// The text, as in `Origin`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Caller {
    /// Whether it may do this. Who may add may also read.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
            || (right == Right::ReadRecords && self.rights.contains(&Right::WriteRecords))
    }

    /// A page of this origin, or a program where there is none; without any [`Right`].
    #[must_use]
    pub const fn new(pairing: PairingId, origin: Option<Origin>, name: String) -> Self {
        Self {
            pairing,
            origin,
            name,
            rights: BTreeSet::new(),
        }
    }
}

impl PairingId {
    /// From its number.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_trusted_from_this_machine_alone() {
        for (origin, expected) in [
            ("https://a.example", true),
            ("http://localhost:3000", true),
            ("http://127.0.0.1:14741", true),
            ("http://[::1]:3000", true),
            ("http://a.example", false),
            ("http://localhost.example", false),
            ("http://127.0.0.1.example:1", false),
            ("http://192.168.1.5", false),
        ] {
            assert_eq!(
                Origin::parse(origin).unwrap().is_trustworthy(),
                expected,
                "{origin}"
            );
        }
    }

    #[test]
    fn an_origin_is_what_browsers_write_and_nothing_else() {
        for origin in [
            "https://hocba.example.edu.vn",
            "http://localhost:8080",
            "http://127.0.0.1:14741",
            "http://[::1]:3000",
            "https://a",
        ] {
            assert_eq!(Origin::parse(origin).unwrap().as_str(), origin);
        }
        for other in [
            "",
            "null",
            "*",
            "https://",
            "https://A.example",
            "https://a.example/",
            "https://a.example:443",
            "http://a.example:80",
            "https://a.example:0443",
            "https://a.example:99999",
            "https://a.example:",
            "https://u@a.example",
            "file:///tmp",
            "ftp://a.example",
            "https://a.example https://b.example",
            "http://[::1",
            "http://[x]",
        ] {
            assert!(Origin::parse(other).is_none(), "{other}");
        }
    }
}
