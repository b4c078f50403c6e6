//! Addresses of services: what a certificate, a setting or a redirection may name.
//! Looks up no name.

use ureq::http::Uri;

use crate::address::bare;
use crate::{NetError, NetErrorKind};

/// Octets of an address. OCSP by GET takes some 300.
const URL_OCTETS: usize = 4_096;

/// An address that may be asked: http or https, a host, no user name.
#[derive(Debug, Clone)]
pub(crate) struct ServiceUrl {
    uri: Uri,
}

impl ServiceUrl {
    /// Reads an address; blanks around it, as certificates have them, do not count.
    pub(crate) fn parse(text: &str) -> Result<Self, NetError> {
        let trimmed = text.trim();
        let failed = |kind| NetError::new(trimmed, kind);
        if trimmed.len() > URL_OCTETS {
            return Err(failed(NetErrorKind::MalformedUrl));
        }
        let (scheme, rest) = trimmed
            .split_once("://")
            .ok_or_else(|| failed(NetErrorKind::SchemeRefused))?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(failed(NetErrorKind::SchemeRefused));
        }
        let uri: Uri = format!("{scheme}://{rest}")
            .parse()
            .map_err(|error| NetError::because(trimmed, NetErrorKind::MalformedUrl, error))?;
        let authority = uri
            .authority()
            .ok_or_else(|| failed(NetErrorKind::MalformedUrl))?;
        if authority.as_str().contains('@') {
            return Err(failed(NetErrorKind::CredentialsInUrl));
        }
        let has_bad_port = match authority.port() {
            Some(port) => port.as_u16() == 0,
            // A port that is no number stays in the text and is not read.
            None => !authority.as_str().eq_ignore_ascii_case(authority.host()),
        };
        if bare(authority.host()).is_empty() || has_bad_port {
            return Err(failed(NetErrorKind::MalformedUrl));
        }
        Ok(Self { uri })
    }

    pub(crate) const fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(crate) fn host(&self) -> &str {
        bare(self.uri.host().unwrap_or_default())
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Where a `Location` leads from here (RFC 9110, 10.2.2; RFC 3986, 5.2). Dot segments go to
    /// the server as they are.
    pub(crate) fn redirected(&self, location: &str) -> Result<Self, NetError> {
        let location = location.trim();
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let authority = self
            .uri
            .authority()
            .map_or("", |authority| authority.as_str());
        let path = self.uri.path();
        let has_scheme = location.split_once(':').is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.chars().all(|one| one.is_ascii_alphanumeric())
        });
        let target = if has_scheme {
            location.to_owned()
        } else if location.starts_with("//") {
            format!("{scheme}:{location}")
        } else if location.starts_with('/') {
            format!("{scheme}://{authority}{location}")
        } else if location.starts_with('?') {
            format!("{scheme}://{authority}{path}{location}")
        } else if location.is_empty() {
            return Err(NetError::new(
                &self.uri.to_string(),
                NetErrorKind::RedirectRefused,
            ));
        } else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{scheme}://{authority}{folder}/{location}")
        };
        Self::parse(&target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> NetErrorKind {
        ServiceUrl::parse(text).unwrap_err().kind().clone()
    }

    #[test]
    fn addresses_of_services_are_read() {
        let url = ServiceUrl::parse(" HTTP://tsa.ca.gov.vn ").unwrap();
        assert_eq!(url.uri().to_string(), "http://tsa.ca.gov.vn/");
        let url = ServiceUrl::parse("https://[2405:4800::1]:8443/a?b#c").unwrap();
        assert_eq!(url.host(), "2405:4800::1");
        assert!(url.is_secure());
    }

    #[test]
    fn what_is_no_address_of_a_service_is_told() {
        use NetErrorKind::{CredentialsInUrl, MalformedUrl, SchemeRefused};
        for text in [
            "ldap://ca.example/cn=x",
            "file:///etc/passwd",
            "ftp://a.example/",
            "a.crl",
        ] {
            assert_eq!(kind(text), SchemeRefused, "{text}");
        }
        for text in ["http://user@a.example/", "https://user:word@a.example/"] {
            assert_eq!(kind(text), CredentialsInUrl, "{text}");
        }
        let long = format!("http://a.example/{}", "a".repeat(URL_OCTETS));
        for text in [
            "http://",
            "http:///path",
            "http://a b/",
            "http://a.example:0/",
            "http://a.example:99999/",
            "http://[]/",
            &long,
        ] {
            assert_eq!(kind(text), MalformedUrl, "{text}");
        }
    }

    #[test]
    fn redirections_lead_where_the_location_says() {
        let base = ServiceUrl::parse("http://a.example:81/crl/one.crl?x").unwrap();
        for (location, expected) in [
            ("https://b.example/two", "https://b.example/two"),
            ("//b.example/two", "http://b.example/two"),
            ("/two", "http://a.example:81/two"),
            (
                "two?y=http://c.example/",
                "http://a.example:81/crl/two?y=http://c.example/",
            ),
            ("?z", "http://a.example:81/crl/one.crl?z"),
        ] {
            let target = base.redirected(location).unwrap();
            assert_eq!(target.uri().to_string(), expected, "{location}");
        }
        for location in ["file:///etc/passwd", "javascript:alert(1)", ""] {
            assert!(base.redirected(location).is_err(), "{location}");
        }
    }
}
