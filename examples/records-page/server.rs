//! Files over HTTP on this machine, from memory: GET and HEAD, one call a connection. Any web server
//! does what this one does, and more.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Octets of a request's head.
const HEAD_OCTETS: u64 = 16 << 10;
/// How long a browser may take to ask.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the page allows itself. One that uses triend must allow calls to the ports that triend may
/// have: they are added.
const POLICY: &str = "default-src 'self'; img-src 'self' blob:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'; connect-src 'self'";

/// Files by their paths.
#[derive(Debug)]
pub(crate) struct Site {
    files: BTreeMap<String, (&'static str, Vec<u8>)>,
    policy: String,
}

impl Site {
    /// A site whose pages may call triend on these ports.
    pub(crate) fn calling(ports: &[u16]) -> Self {
        let mut policy = POLICY.to_owned();
        for port in ports {
            policy.push_str(&format!(" http://127.0.0.1:{port}"));
        }
        Self {
            files: BTreeMap::new(),
            policy,
        }
    }

    pub(crate) fn add(&mut self, path: &str, media_type: &'static str, octets: Vec<u8>) {
        self.files.insert(path.to_owned(), (media_type, octets));
    }
}

/// On this machine alone.
pub(crate) fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Answers until the program ends.
pub(crate) fn serve(listening: &TcpListener, site: Site) {
    let site = Arc::new(site);
    for stream in listening.incoming().flatten() {
        let site = Arc::clone(&site);
        // A browser that is gone needs no answer.
        std::thread::spawn(move || answer(stream, &site).ok());
    }
}

fn answer(mut stream: TcpStream, site: &Site) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new((&stream).take(HEAD_OCTETS));
    let mut request = String::new();
    head.read_line(&mut request)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    let (status, (media_type, octets)) = match (method, site.files.get(path)) {
        (Some("GET" | "HEAD"), Some((media_type, octets))) => {
            ("200 OK", (*media_type, octets.as_slice()))
        }
        (Some("GET" | "HEAD"), None) => ("404 Not Found", ("text/plain", &b"404"[..])),
        _ => ("405 Method Not Allowed", ("text/plain", &b"405"[..])),
    };
    let length = octets.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
         Content-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        site.policy
    )?;
    if method == Some("GET") {
        stream.write_all(octets)?;
    }
    stream.flush()
}
