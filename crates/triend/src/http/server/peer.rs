//! Whose program is at the other end of a connection on this machine.
//! Knows it on Linux alone; elsewhere other users are kept out by the pairing.

use std::net::SocketAddr;

/// How often the list is read where a connection is not in it: lines are left out of one that
/// changes while it is read.
#[cfg(target_os = "linux")]
const LIST_TRIES: u8 = 4;

/// Whether the program at `peer`, which is connected to us at `local`, belongs to the user that
/// this one belongs to.
#[cfg(target_os = "linux")]
pub(super) fn is_of_this_user(peer: SocketAddr, local: SocketAddr) -> bool {
    let user = (0..LIST_TRIES).find_map(|_| linux::user_of(peer, local));
    user == Some(rustix::process::getuid().as_raw())
}

/// The system has no list of connections with their users: everybody is taken for this user.
#[cfg(not(target_os = "linux"))]
pub(super) const fn is_of_this_user(_peer: SocketAddr, _local: SocketAddr) -> bool {
    true
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

    /// As much of a list as is read: a line has 150 octets, a machine under load some thousand
    /// connections.
    const MOST_OCTETS: u64 = 16 << 20;

    /// The user of the socket whose own address is `peer` and whose other end is `local`.
    pub(super) fn user_of(peer: SocketAddr, local: SocketAddr) -> Option<u32> {
        let (IpAddr::V4(peer_v4), IpAddr::V4(local_v4)) = (peer.ip(), local.ip()) else {
            return in_list("/proc/net/tcp6", &written(peer), &written(local));
        };
        in_list("/proc/net/tcp", &written(peer), &written(local)).or_else(|| {
            // A socket for both families has its IPv4 connections in the other list.
            let mapped = |address: Ipv4Addr, port| {
                written(SocketAddr::new(address.to_ipv6_mapped().into(), port))
            };
            in_list(
                "/proc/net/tcp6",
                &mapped(peer_v4, peer.port()),
                &mapped(local_v4, local.port()),
            )
        })
    }

    fn in_list(path: &str, own: &str, other: &str) -> Option<u32> {
        let list = BufReader::new(File::open(path).ok()?.take(MOST_OCTETS));
        user_in(list.lines().map_while(Result::ok), own, other)
    }

    /// Columns of `proc_net_tcp`: number, own address, other address, state, queues, timer,
    /// retransmissions, user.
    pub(super) fn user_in(
        lines: impl Iterator<Item = String>,
        own: &str,
        other: &str,
    ) -> Option<u32> {
        for line in lines {
            let mut columns = line.split_ascii_whitespace().skip(1);
            if columns.next() == Some(own) && columns.next() == Some(other) {
                return columns.nth(4)?.parse().ok();
            }
        }
        None
    }

    /// An address as the list writes it: 32-bit words of the machine's order in hexadecimal.
    pub(super) fn written(address: SocketAddr) -> String {
        let port = address.port();
        match address.ip() {
            IpAddr::V4(v4) => format!("{:08X}:{port:04X}", u32::from_ne_bytes(v4.octets())),
            IpAddr::V6(v6) => format!("{}:{port:04X}", words(v6)),
        }
    }

    fn words(address: Ipv6Addr) -> String {
        let octets = address.octets();
        let (words, _) = octets.as_chunks::<4>();
        words
            .iter()
            .map(|word| format!("{:08X}", u32::from_ne_bytes(*word)))
            .collect()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn our_own_connection_is_ours_over_both_families() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let listener = match TcpListener::bind(address) {
                Ok(listener) => listener,
                // A machine without IPv6.
                Err(_) if address.starts_with('[') => continue,
                Err(error) => panic!("{error}"),
            };
            let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (accepted, peer) = listener.accept().unwrap();
            assert!(is_of_this_user(peer, accepted.local_addr().unwrap()));
            assert_eq!(client.local_addr().unwrap(), peer);
        }
    }

    #[test]
    fn a_connection_that_is_nowhere_is_nobodys() {
        let nowhere = "127.0.0.1:1".parse().unwrap();
        assert!(!is_of_this_user(nowhere, nowhere));
    }

    #[test]
    fn the_user_stands_in_the_eighth_column_of_the_line_with_both_addresses() {
        let list = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
                    \x20  0: 0100007F:3995 0100007F:D431 01 00000000:00000000 00:00000000 00000000   0 0 1 1\n\
                    \x20  1: 0100007F:D431 0100007F:3995 01 00000000:00000000 00:00000000 00000000  1000 0 2 1\n";
        let lines = || list.lines().map(str::to_owned);
        let found = linux::user_in(lines(), "0100007F:D431", "0100007F:3995");
        assert_eq!(found, Some(1000));
        assert_eq!(
            linux::user_in(lines(), "0100007F:D431", "0100007F:3996"),
            None
        );
    }
}
