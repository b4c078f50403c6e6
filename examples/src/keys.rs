//! Where `sign` and `countersign` find the key: a token and its certificate, or a soft-key file, and
//! the PIN for either.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use trien::token::{CertificateSelector, Module, Pin, SoftKey, Token, find_modules};

use crate::trouble::Trouble;

/// Soft-key files are small; a bound keeps a wrong path from filling memory.
const KEY_FILE_OCTETS: u64 = 1024 * 1024;

/// Where the key is, and where its PIN comes from.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct KeyArguments {
    /// Mô-đun PKCS#11; mặc định: tìm trên máy / PKCS#11 module; found when not named
    #[arg(long, value_name = "FILE")]
    pub(crate) module: Option<PathBuf>,
    /// Nhãn của thiết bị / the token's label; may be left out when there is one token
    #[arg(long, value_name = "LABEL")]
    pub(crate) token: Option<String>,
    /// Nhãn của chứng thư số trên thiết bị / label of the certificate on the token
    #[arg(long, value_name = "LABEL")]
    pub(crate) certificate: Option<String>,
    /// Khóa mềm PKCS#12 (.p12) hoặc PEM / a soft key instead of a token
    #[arg(long, value_name = "FILE", conflicts_with_all = ["module", "token", "certificate"])]
    pub(crate) soft_key: Option<PathBuf>,
    /// Tệp chứa mã PIN ở dòng đầu / file with the PIN in its first line
    #[arg(long, value_name = "FILE", conflicts_with = "pin_env")]
    pub(crate) pin_file: Option<PathBuf>,
    /// Biến môi trường chứa mã PIN / environment variable with the PIN
    #[arg(long, value_name = "NAME")]
    pub(crate) pin_env: Option<String>,
}

impl KeyArguments {
    /// The files that are named, none of which a program writes.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.module, &self.soft_key, &self.pin_file]
            .into_iter()
            .flatten()
    }
}

pub(crate) fn selector(arguments: &KeyArguments) -> CertificateSelector {
    match &arguments.certificate {
        Some(label) => CertificateSelector::Label(label.clone()),
        None => CertificateSelector::Only,
    }
}

/// The token that was named, or the only one there is.
pub(crate) fn token(arguments: &KeyArguments) -> Result<Token, Trouble> {
    let configured: Vec<PathBuf> = arguments.module.iter().cloned().collect();
    let mut tokens = Vec::new();
    let mut problem = None;
    for location in find_modules(&configured) {
        if arguments.module.is_some() && !configured.contains(&location.path) {
            continue;
        }
        let path = location.path.as_path();
        let loaded = match location.check {
            Ok(_) => Module::load(path).and_then(|module| module.tokens()).ok(),
            Err(_) => None,
        };
        match loaded {
            Some(found) => tokens.extend(found),
            None => problem = Some(Trouble::Module(path.to_owned())),
        }
    }
    let there: Vec<String> = tokens
        .iter()
        .map(|token: &Token| token.info().label.clone())
        .collect();
    if let Some(label) = &arguments.token {
        tokens.retain(|token| token.info().label == *label);
    }
    let only = tokens.pop();
    match (only, tokens.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(Trouble::TokenNotUnique(there)),
        (None, _) => Err(problem
            .filter(|_| arguments.token.is_none())
            .unwrap_or(Trouble::TokenMissing(there))),
    }
}

/// The certificate to sign with, read without a PIN.
pub(crate) fn certificate(token: &Token, arguments: &KeyArguments) -> Result<Vec<u8>, Trouble> {
    let inventory = token.inventory().map_err(Trouble::Token)?;
    let wanted = arguments.certificate.as_ref();
    let mut fitting = inventory
        .signing_certificates()
        .filter(|certificate| wanted.is_none_or(|label| certificate.label == *label));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only.der.clone()),
        (Some(_), Some(_)) => Err(Trouble::CertificateNotUnique),
        (None, _) => Err(Trouble::CertificateMissing {
            wanted: wanted.cloned(),
            there: inventory
                .certificates
                .iter()
                .map(|certificate| certificate.label.clone())
                .collect(),
        }),
    }
}

/// From the file or variable named, else from whoever sits at the terminal.
pub(crate) fn pin(arguments: &KeyArguments) -> Result<Pin, Trouble> {
    if let Some(path) = &arguments.pin_file {
        let file = File::open(path).map_err(|_| Trouble::Unreadable(path.clone()))?;
        return Pin::read_line(file).map_err(Trouble::Pin);
    }
    if let Some(name) = &arguments.pin_env {
        let pin = env::var(name).map_err(|_| Trouble::PinVariable(name.clone()))?;
        return Pin::from_text(pin).map_err(Trouble::Pin);
    }
    let typed = rpassword::prompt_password("Mã PIN / PIN: ").map_err(|_| Trouble::PinPrompt)?;
    Pin::from_text(typed).map_err(Trouble::Pin)
}

/// Whether the key is there and opens, as far as that can be told without asking a person: found out
/// before long work, so that a wrong password does not cost all of it. A token's PIN is not tried.
pub(crate) fn check(arguments: &KeyArguments) -> Result<(), Trouble> {
    let Some(path) = &arguments.soft_key else {
        let token = token(arguments)?;
        return certificate(&token, arguments).map(drop);
    };
    let mut start = [0; 5];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .map_err(|_| Trouble::Unreadable(path.to_owned()))?;
    // A pipe gives its password once.
    let is_kept = arguments.pin_file.as_deref().is_some_and(Path::is_file);
    let asks_nobody = &start == b"-----" && arguments.pin_file.is_none();
    if is_kept || asks_nobody || arguments.pin_env.is_some() {
        return soft_key(path, arguments).map(drop);
    }
    Ok(())
}

pub(crate) fn soft_key(path: &Path, arguments: &KeyArguments) -> Result<SoftKey, Trouble> {
    let mut octets = Vec::new();
    File::open(path)
        .and_then(|file| file.take(KEY_FILE_OCTETS).read_to_end(&mut octets))
        .map_err(|_| Trouble::Unreadable(path.to_owned()))?;
    let unusable = |error| Trouble::KeyFile(path.to_owned(), error);
    let is_pem = octets.starts_with(b"-----");
    let asked = arguments.pin_file.is_some() || arguments.pin_env.is_some();
    if is_pem {
        let password = if asked { Some(pin(arguments)?) } else { None };
        return SoftKey::from_pem(&octets, password.as_ref()).map_err(unusable);
    }
    SoftKey::from_pkcs12(&octets, &pin(arguments)?).map_err(unusable)
}
