//! A school's records page with everything around it, to try `triend` with: makes two software tokens
//! (the homeroom teacher's and the school's seal), the configuration of a daemon that uses them, a
//! time-stamping authority and the học bạ of a class of forty; then serves the page in `site/` on this
//! machine.
//!
//! `records-page [FOLDER] [--port PORT]`, `target/records-page` and 14780 when nothing is named; port
//! 0 is any free one. Runs until it is ended. The page itself needs none of this: it is the files in
//! `site/` and `trien.js` behind any web server.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

mod class;
mod server;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use trien::UnixTime;
use trien_examples::{Ending, clock, print_chain};
use trien_testkit::pki::{PkiSettings, Role, Validity};
use trien_testkit::records::Picture;
use trien_testkit::services::LiveServices;
use trien_testkit::tokens::{
    ContextLogin, FillRequest, Filler, TEST_PIN, TokenPlan, TokenSet, fill_if_asked,
};

use server::Site;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

const DAY: i64 = 86_400;
const TICK: Duration = Duration::from_secs(1);

/// Where triend is found: the first of these that is free.
const DAEMON_PORTS: [u16; 4] = [14741, 14742, 14743, 14744];

/// Whose tokens are plugged in where records are signed: a teacher's computer in the office.
const SIGNERS: [Role; 2] = [Role::HomeroomTeacher, Role::SchoolSeal];

/// The page, as it is copied: its files and the client of triend.
const PAGE: [(&str, &str, &[u8]); 6] = [
    ("/", HTML, include_bytes!("site/index.html")),
    (
        "/icon.svg",
        "image/svg+xml",
        include_bytes!("site/icon.svg"),
    ),
    ("/page.css", CSS, include_bytes!("site/page.css")),
    ("/page.js", SCRIPT, include_bytes!("site/page.js")),
    (
        "/class-list.js",
        SCRIPT,
        include_bytes!("site/class-list.js"),
    ),
    (
        "/trien.js",
        SCRIPT,
        include_bytes!("../../crates/triend/assets/client/trien.js"),
    ),
];
const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Serves a records page to try triend with.
#[derive(Parser)]
struct Arguments {
    /// Where tokens, roots and the daemon's configuration are made
    #[arg(default_value = "target/records-page")]
    folder: PathBuf,
    /// Port of the page on this machine
    #[arg(long, default_value_t = 14780)]
    port: u16,
    /// Port of triend, where it is not to be one of its own
    #[arg(long, value_name = "PORT")]
    daemon: Option<u16>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => Ending::Well.into(),
        Err(error) => {
            print_chain("records-page", error.as_ref());
            Ending::Unable.into()
        }
    }
}

fn run() -> Outcome<()> {
    if fill_if_asked()? == FillRequest::Filled {
        return Ok(());
    }
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.folder)?;
    let folder = fs::canonicalize(&arguments.folder)?;
    let now = clock();
    let services = LiveServices::start_with(&folder.join("pki"), around(now), now)?;
    let tokens = set_up(&folder, &services, arguments.daemon)?;
    let ports = arguments.daemon.map(|port| [port]);
    let mut site = Site::calling(
        ports
            .as_ref()
            .map_or(DAEMON_PORTS.as_slice(), <[u16; 1]>::as_slice),
    );
    for (path, media_type, octets) in PAGE {
        site.add(path, media_type, octets.to_vec());
    }
    class::add_to(&mut site, ports)?;
    site.add(
        "/seal.png",
        "image/png",
        Picture::lettered_seal(600)?.to_png()?,
    );
    let hand = Picture::handwriting(7, 320).to_png()?;
    site.add("/teacher.png", "image/png", hand);
    let listening = server::listen(arguments.port)?;
    // One thing a line: whoever starts this program reads them.
    println!("SOFTHSM2_CONF={}", tokens.config_path.display());
    println!("config={}", folder.join("triend.toml").display());
    println!("anchors={}", folder.join("anchors").display());
    println!("pin={TEST_PIN}");
    println!("page=http://{}/", listening.local_addr()?);
    // The time-stamping authority says the time that it is told.
    std::thread::spawn(move || {
        loop {
            services.set_time(clock());
            std::thread::sleep(TICK);
        }
    });
    server::serve(&listening, site);
    Ok(())
}

/// Tokens, roots and configuration; those that an earlier run made are made again, so that every run
/// begins with the same.
fn set_up(folder: &Path, services: &LiveServices, port: Option<u16>) -> Outcome<TokenSet> {
    let pki = &services.pki;
    let anchors = folder.join("anchors");
    pki.write_anchors(&anchors)?;
    let softhsm = folder.join("softhsm");
    if softhsm.exists() {
        fs::remove_dir_all(&softhsm)?;
    }
    let mut plans = Vec::new();
    for role in SIGNERS {
        let authority = pki.identity(role.issuer())?;
        plans.push(
            TokenPlan::new(role.label(), TEST_PIN)
                .with_identity(pki.identity(role)?, ContextLogin::NotAsked)?
                .with_certificate(authority.name(), &authority.certificate_der()?),
        );
    }
    let tokens = TokenSet::make(&softhsm, &plans, &Filler::ThisProgram)?;
    let mut config = format!(
        "# A daemon for the tokens beside this file.\nmodules = [{:?}]\nanchors = {:?}\n\
         time-stamp-authorities = [{:?}]\n",
        tokens.module_path,
        anchors,
        services.time_stamps.url()
    );
    if let Some(port) = port {
        config.push_str(&format!("port = {port}\n"));
    }
    fs::write(folder.join("triend.toml"), config)?;
    Ok(tokens)
}

/// Certificates around the present, so that the page works in any year. Whole days, so that the roots
/// of one day are the same in every run.
fn around(now: UnixTime) -> PkiSettings {
    let today = now.plus_seconds(now.seconds().rem_euclid(DAY).saturating_neg());
    let from_until = |before: i64, after: i64| {
        let shift = |days: i64| today.plus_seconds(days.saturating_mul(DAY));
        Validity::new(shift(before.saturating_neg()), shift(after))
    };
    let mut settings = PkiSettings::default();
    settings.roots = from_until(3_650, 3_650);
    settings.authorities = from_until(1_000, 1_825);
    settings.leaves = from_until(30, 1_000);
    settings
}
