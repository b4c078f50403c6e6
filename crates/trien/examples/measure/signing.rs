//! Signing a file of 50 kB, with a key in memory and with one on a token.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use trien::token::{CertificateSelector, FinalTry, Module, Pin, PinSource};
use trien::{DigestAlgorithm, Document, Limits, SignatureRequest, SignatureScheme, SigningKey};
use trien_testkit::pki::Role;
use trien_testkit::tokens::{
    CONFIG_VARIABLE, FillRequest, Filler, TEST_PIN, TokenSet, fill_if_asked, softhsm_module,
};

use crate::inputs::{key, pki};
use crate::{SIGNED_AT, tell, tell_together};

const SCHEME: SignatureScheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);

/// Whether this process was started to fill a token, and has done so.
pub(crate) fn is_filler() -> Result<bool, Box<dyn Error>> {
    Ok(fill_if_asked()? == FillRequest::Filled)
}

pub(crate) fn soft(folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let pki = pki(folder)?;
    let mut key = key(pki.identity(Role::Principal)?)?;
    repeat("sign, key in memory", folder, &mut key, count)
}

/// On several threads at once, each with a key of its own: as a batch of a school, where one
/// document is laid out and hashed while another is signed.
pub(crate) fn soft_together(
    folder: &Path,
    count: usize,
    threads: usize,
) -> Result<(), Box<dyn Error>> {
    let pki = pki(folder)?;
    let file = fs::read(folder.join("plain/00.pdf"))?;
    let each = count / threads;
    let from = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut key = key(pki.identity(Role::Principal).unwrap()).unwrap();
                for number in 0..each {
                    sign_one(&file, &mut key, number).unwrap();
                }
            });
        }
    });
    let what = format!("sign, key in memory, {threads} threads");
    tell_together(&what, each * threads, from.elapsed());
    Ok(())
}

fn sign_one(
    file: &[u8],
    key: &mut dyn SigningKey,
    number: usize,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let time = SIGNED_AT.plus_seconds(i64::try_from(number)?);
    let request = SignatureRequest::new("HieuTruong", time).under(SCHEME);
    let document = Document::open(file, &Limits::default())?;
    Ok(trien::sign(&document, key, request)?.to_vec())
}

fn repeat(
    what: &str,
    folder: &Path,
    key: &mut dyn SigningKey,
    count: usize,
) -> Result<(), Box<dyn Error>> {
    let file = fs::read(folder.join("plain/00.pdf"))?;
    let mut times: Vec<Duration> = Vec::with_capacity(count);
    let from = Instant::now();
    for number in 0..count {
        let start = Instant::now();
        let signed = sign_one(&file, key, number)?;
        times.push(start.elapsed());
        assert!(signed.len() > file.len());
    }
    tell(what, times, from.elapsed());
    Ok(())
}

/// Makes a token and starts this program again with it: SoftHSM reads its configuration once.
pub(crate) fn token(folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    if std::env::var_os(CONFIG_VARIABLE).is_none() {
        let drawer = folder.join("softhsm");
        if drawer.exists() {
            fs::remove_dir_all(&drawer)?;
        }
        let set = TokenSet::of_school(&drawer, &pki(folder)?, &Filler::ThisProgram)?;
        let status = Command::new(std::env::current_exe()?)
            .args([Path::new("token"), folder])
            .arg(count.to_string())
            .env(CONFIG_VARIABLE, &set.config_path)
            .status()?;
        return if status.success() {
            Ok(())
        } else {
            Err("the process with the token failed".into())
        };
    }
    let module = Module::load(&softhsm_module()?)?;
    let token = module.token_labelled(Role::Principal.label())?;
    let id = token
        .inventory()?
        .signing_certificates()
        .next()
        .map(|certificate| certificate.id)
        .ok_or("no certificate on the token")?;
    let pin = PinSource::Pin(Pin::from_text(TEST_PIN.to_owned())?);
    let mut key = token.open_key(&CertificateSelector::Id(id), pin, FinalTry::Refuse)?;
    let message = [7; 400];
    let mut times = Vec::with_capacity(count);
    let from = Instant::now();
    for _ in 0..count {
        let start = Instant::now();
        key.sign(SCHEME, &message)?;
        times.push(start.elapsed());
    }
    tell("the token alone", times, from.elapsed());
    repeat("sign, key on the token", folder, &mut key, count)
}
