//! Where connections may lead. Certificates and documents name addresses; whoever wrote them must
//! not make a verifier knock at doors inside the school's network (docs/adr).

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses a host's name may lead to. Checked after names are looked up, and the
/// connection goes to the address that was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressPolicy {
    /// Any address, for networks with services of their own.
    AllowPrivate,
    /// Public addresses alone.
    #[default]
    PublicOnly,
    /// Public addresses, and any address for these hosts: names or addresses as URLs give them,
    /// in lower case, without port and brackets.
    PublicOr(BTreeSet<String>),
}

impl AddressPolicy {
    /// Public addresses, and any for `hosts`.
    #[must_use]
    pub fn public_or<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::PublicOr(
            hosts
                .into_iter()
                .map(|host| bare(host).to_ascii_lowercase())
                .collect(),
        )
    }

    /// Whether a connection for `host` may go to `address`.
    #[must_use]
    pub fn permits(&self, host: &str, address: IpAddr) -> bool {
        match self {
            Self::AllowPrivate => true,
            Self::PublicOnly => is_public(address),
            Self::PublicOr(hosts) => {
                is_public(address) || hosts.contains(&bare(host).to_ascii_lowercase())
            }
        }
    }
}

/// A host without the brackets of an IPv6 address in a URL.
pub(crate) fn bare(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(host)
}

/// Whether an address is reachable by anybody: none of the ranges that the IANA registries of
/// special-purpose addresses (RFC 6890) keep for other uses. IPv4 addresses wrapped in IPv6 ones
/// are judged as what they wrap.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, private, loopback, link-local (also where clouds keep their secrets).
        [0 | 10 | 127, ..] | [169, 254, ..] | [192, 168, ..] => true,
        // Private (RFC 1918), carriers' own (RFC 6598), benchmarks (RFC 2544).
        [172, second, ..] => (16..32).contains(&second),
        [100, second, ..] => (64..128).contains(&second),
        [198, second, ..] if second & 0xFE == 18 => true,
        // Protocols, documentation, 6to4 relays.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // RFC 6052: IPv4 behind a translator, as networks without IPv4 reach the rest.
        [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocols with Teredo (RFC 2928), documentation, 6to4 with any IPv4 inside.
        [0x2001, 0..0x200 | 0xDB8, ..] | [0x2002, ..] => false,
        [0x3FFF, second, ..] => second >= 0x1000,
        // RFC 4291, 2.4: global unicast. Loopback, unique local, link-local and multicast are
        // outside.
        [first, ..] => first & 0xE000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn special_addresses_are_not_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:192.168.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!public(text), "{text}");
        }
    }

    #[test]
    fn ordinary_addresses_are_public() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "203.162.0.1",
            "223.255.255.1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2001:ee0:1::1",
            "2405:4800::1",
            "2a00::1",
            "3ffe::1",
        ] {
            assert!(public(text), "{text}");
        }
    }

    #[test]
    fn listed_hosts_may_be_anywhere() {
        let policy = AddressPolicy::public_or(["TSA.School.example", "[::1]"]);
        let private: IpAddr = "10.1.2.3".parse().unwrap();
        assert!(policy.permits("tsa.school.EXAMPLE", private));
        assert!(policy.permits("[::1]", "::1".parse().unwrap()));
        assert!(!policy.permits("other.example", private));
        assert!(policy.permits("other.example", "1.1.1.1".parse().unwrap()));
    }
}
