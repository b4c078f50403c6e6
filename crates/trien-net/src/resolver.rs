//! Looks names up and lets only permitted addresses through. The connection goes to what this
//! returns and names are not looked up again, so an answer that changes between check and use
//! changes nothing.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::AddressPolicy;
use crate::address::bare;

/// No address of the host is permitted.
#[derive(Debug)]
pub(crate) struct RefusedAddress {
    /// The first of them.
    pub(crate) address: IpAddr,
}

impl fmt::Display for RefusedAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is not permitted", self.address)
    }
}

impl Error for RefusedAddress {}

#[derive(Debug)]
pub(crate) struct CheckedResolver<R> {
    pub(crate) policy: AddressPolicy,
    /// Host of the configured proxy, which may be anywhere.
    pub(crate) proxy_host: Option<String>,
    pub(crate) inner: R,
}

impl<R: Resolver> Resolver for CheckedResolver<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout).map_err(|error| {
            // What systems say of unknown names differs.
            let is_unknown = matches!(error, ureq::Error::Io(_));
            if is_unknown {
                ureq::Error::HostNotFound
            } else {
                error
            }
        })?;
        let host = bare(uri.host().unwrap_or_default());
        let is_proxy = self.proxy_host.as_deref() == Some(host);
        let mut permitted = self.empty();
        for address in &found {
            if is_proxy || self.policy.permits(host, address.ip()) {
                permitted.push(*address);
            }
        }
        if !permitted.is_empty() {
            return Ok(permitted);
        }
        Err(match found.iter().next() {
            Some(address) => ureq::Error::Other(Box::new(RefusedAddress {
                address: address.ip(),
            })),
            None => ureq::Error::HostNotFound,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, SocketAddr, TcpListener};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ureq::Agent;
    use ureq::unversioned::transport::DefaultConnector;

    use super::*;

    /// A name server that answers from a list, the next entry each time.
    #[derive(Debug, Clone)]
    struct Scripted {
        answers: Vec<Vec<SocketAddr>>,
        asked: Arc<AtomicUsize>,
    }

    impl Resolver for Scripted {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let turn = self.asked.fetch_add(1, Ordering::Relaxed);
            let mut addresses = self.empty();
            for address in &self.answers[turn] {
                addresses.push(*address);
            }
            Ok(addresses)
        }
    }

    fn scripted(answers: &[&[&str]]) -> CheckedResolver<Scripted> {
        let parsed = |list: &&[&str]| list.iter().map(|one| one.parse().unwrap()).collect();
        CheckedResolver {
            policy: AddressPolicy::PublicOnly,
            proxy_host: None,
            inner: Scripted {
                answers: answers.iter().map(parsed).collect(),
                asked: Arc::default(),
            },
        }
    }

    fn resolved(resolver: &impl Resolver) -> Result<Vec<String>, ureq::Error> {
        let uri = Uri::from_static("http://a.example/");
        let found = resolver.resolve(&uri, &Config::default(), NextTimeout::default())?;
        Ok(found.iter().map(SocketAddr::to_string).collect())
    }

    #[test]
    fn of_a_mixed_answer_only_public_addresses_are_left() {
        let resolver = scripted(&[
            &["10.0.0.1:80", "1.1.1.1:80", "[::1]:80"],
            &["[fd00::1]:80"],
        ]);
        assert_eq!(resolved(&resolver).unwrap(), ["1.1.1.1:80"]);
        let error = resolved(&resolver).unwrap_err();
        let ureq::Error::Other(inner) = error else {
            panic!("{error}");
        };
        let refused = inner.downcast_ref::<RefusedAddress>().unwrap();
        assert_eq!(refused.address.to_string(), "fd00::1");
    }

    #[test]
    fn a_name_is_looked_up_once_for_one_connection() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).unwrap() > 0);
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            stream.write_all(answer).unwrap();
        });
        // A second look-up would lead elsewhere, and a third one is not in the script.
        let mut resolver = scripted(&[&[&address], &["127.0.0.1:1"]]);
        resolver.policy = AddressPolicy::public_or(["a.example"]);
        let asked = Arc::clone(&resolver.inner.asked);
        let config = Agent::config_builder().proxy(None).build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        let mut response = agent.get("http://a.example/").call().unwrap();
        assert_eq!(response.body_mut().read_to_string().unwrap(), "ok");
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        server.join().unwrap();
    }
}
