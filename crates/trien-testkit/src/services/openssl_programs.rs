//! Services that OpenSSL's command line provides: servers we did not write.
//! They read the machine's clock, as programs do; only the wiring is ours.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use trien_types::{UnixTime, UtcOffset, encode_hex};

use super::http::{HttpServer, Reply};
use super::{RequestLog, ServiceError, crl};
use crate::pki::{Identity, Role, TestPki};

/// Octets of what a program prints before it serves.
const PRINTED_OCTETS: u64 = 64 * 1024;

/// `openssl ocsp` for one authority, on a port of loopback, until it is dropped.
#[derive(Debug)]
pub struct OpensslOcspServer {
    _program: ServingProgram,
    url: String,
}

impl OpensslOcspServer {
    /// Answers for `authority`, signed by `responder`: the certificates in `good` are known, those
    /// in `revoked` were revoked at that time for keyCompromise, all others are unknown.
    ///
    /// # Errors
    /// OpenSSL is not installed, or does not serve.
    pub fn start(
        pki: &TestPki,
        authority: Role,
        responder: Role,
        good: &[&Identity],
        revoked: &[(&Identity, UnixTime)],
    ) -> Result<Self, ServiceError> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let mut index = String::new();
        for identity in good {
            writeln!(index, "{}", index_line(identity, None)?).map_err(io::Error::other)?;
        }
        for (identity, time) in revoked {
            writeln!(index, "{}", index_line(identity, Some(*time))?).map_err(io::Error::other)?;
        }
        fs::write(path("index.txt"), index)?;
        let responder = pki.identity(responder)?;
        fs::write(path("ca.pem"), pki.identity(authority)?.certificate_pem()?)?;
        fs::write(path("signer.pem"), responder.certificate_pem()?)?;
        fs::write(path("key.pem"), responder.key_pem()?)?;
        let program = ServingProgram::start(
            Command::new("openssl")
                .args(["ocsp", "-port", "0", "-index", "index.txt", "-CA", "ca.pem"])
                .args(["-rsigner", "signer.pem", "-rkey", "key.pem", "-ndays", "1"]),
            folder,
        )?;
        let url = format!("http://127.0.0.1:{}/", program.address.port());
        Ok(Self {
            _program: program,
            url,
        })
    }

    /// Where to ask.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// `openssl s_server` that serves one file over TLS with a certificate that no system trusts.
#[derive(Debug)]
pub struct OpensslTlsServer {
    _program: ServingProgram,
    url: String,
}

impl OpensslTlsServer {
    /// Serves `octets`, with the certificate of `role`.
    ///
    /// # Errors
    /// OpenSSL is not installed, or does not serve.
    pub fn start(pki: &TestPki, role: Role, octets: &[u8]) -> Result<Self, ServiceError> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let identity = pki.identity(role)?;
        fs::write(path("cert.pem"), identity.certificate_pem()?)?;
        fs::write(path("key.pem"), identity.key_pem()?)?;
        fs::write(path("file.crl"), octets)?;
        let program = ServingProgram::start(
            Command::new("openssl")
                .args(["s_server", "-accept", "127.0.0.1:0", "-WWW"])
                .args(["-cert", "cert.pem", "-key", "key.pem"]),
            folder,
        )?;
        let url = format!("https://127.0.0.1:{}/file.crl", program.address.port());
        Ok(Self {
            _program: program,
            url,
        })
    }

    /// Where the file is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// One line of OpenSSL's certificate index: status, expiry, revocation, serial, file, subject.
fn index_line(identity: &Identity, revoked: Option<UnixTime>) -> Result<String, ServiceError> {
    let serial = crl::serial(identity.certificate())?;
    let serial = encode_hex(&serial).to_uppercase();
    // The index keeps serial numbers without leading zeros, in whole octets.
    let serial = serial.strip_prefix("00").unwrap_or(&serial);
    let status = if revoked.is_some() { 'R' } else { 'V' };
    let revocation = revoked.map_or_else(String::new, |time| {
        let digits = time.to_rfc3339(UtcOffset::UTC).replace(['-', ':', 'T'], "");
        format!("{}Z,keyCompromise", digits.get(2..14).unwrap_or_default())
    });
    Ok(format!(
        "{status}\t400101000000Z\t{revocation}\t{serial}\tunknown\t/CN=x"
    ))
}

/// A program that serves out of its folder until it is dropped.
#[derive(Debug)]
struct ServingProgram {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl ServingProgram {
    fn start(command: &mut Command, folder: TempDir) -> Result<Self, ServiceError> {
        let child = spawn(
            command
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped()),
        )?;
        // From here on whatever fails ends the program.
        let mut program = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            _folder: folder,
        };
        program.address = accepted(&mut program.child)?;
        Ok(program)
    }
}

impl Drop for ServingProgram {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

fn spawn(command: &mut Command) -> Result<Child, ServiceError> {
    command.spawn().map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            ServiceError::ProgramMissing
        } else {
            ServiceError::System(error)
        }
    })
}

/// The address in the line `ACCEPT 0.0.0.0:PORT PID=…` that OpenSSL prints when it is ready.
fn accepted(child: &mut Child) -> Result<SocketAddr, ServiceError> {
    let mut printed = String::new();
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output.take(PRINTED_OCTETS));
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            let port = line
                .strip_prefix("ACCEPT ")
                .and_then(|rest| rest.split_whitespace().next())
                .and_then(|address| address.rsplit(':').next())
                .and_then(|port| port.parse::<u16>().ok());
            if let Some(port) = port {
                return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
            }
            printed.push_str(&line);
            line.clear();
        }
    }
    if let Some(errors) = child.stderr.take() {
        errors.take(PRINTED_OCTETS).read_to_string(&mut printed)?;
    }
    Err(ServiceError::ProgramFailed { printed })
}

/// `openssl ts -reply` behind our HTTP server.
#[derive(Debug)]
pub struct OpensslTimeStampServer {
    http: HttpServer,
    _folder: std::sync::Arc<TempDir>,
}

impl OpensslTimeStampServer {
    /// Stamps as `role`, with the machine's clock.
    ///
    /// # Errors
    /// The folder or loopback cannot be used.
    pub fn start(pki: &TestPki, role: Role) -> Result<Self, ServiceError> {
        let folder = std::sync::Arc::new(tempfile::tempdir()?);
        let authority = pki.identity(role)?;
        let path = |name: &str| folder.path().join(name);
        fs::write(path("signer.pem"), authority.certificate_pem()?)?;
        fs::write(path("key.pem"), authority.key_pem()?)?;
        let mut issuers = Vec::new();
        for issuer in authority.issuers() {
            issuers.extend(issuer.to_pem()?);
        }
        fs::write(path("chain.pem"), issuers)?;
        fs::write(path("serial"), "01\n")?;
        fs::write(path("ts.cnf"), TS_CONFIGURATION)?;
        let place = std::sync::Arc::clone(&folder);
        let one_at_a_time = std::sync::Mutex::new(());
        let http = HttpServer::start(move |exchange| {
            if exchange.content_type != "application/timestamp-query" {
                return Ok(Reply::status(415));
            }
            // openssl ts rewrites its serial number file without a lock.
            let _turn = one_at_a_time
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            Ok(Reply::ok(
                "application/timestamp-reply",
                reply(place.path(), &exchange.body)?,
            ))
        })?;
        Ok(Self {
            http,
            _folder: folder,
        })
    }

    /// Where to post to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/", self.http.base())
    }

    /// Which requests came in.
    #[must_use]
    pub const fn log(&self) -> &RequestLog {
        self.http.log()
    }
}

fn reply(folder: &Path, query: &[u8]) -> Result<Vec<u8>, ServiceError> {
    fs::write(folder.join("query.tsq"), query)?;
    let child = spawn(
        Command::new("openssl")
            .args([
                "ts",
                "-reply",
                "-config",
                "ts.cnf",
                "-queryfile",
                "query.tsq",
            ])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
    )?;
    let output = child.wait_with_output()?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(ServiceError::ProgramFailed { printed })
    }
}

const TS_CONFIGURATION: &str = "
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = signer.pem
signer_key = key.pem
certs = chain.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";
