//! Running the daemon.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use trien::{Language, system_words};
use triend::config::{Config, ConfigError};
use triend::daemon::Daemon;
use triend::data_folder;
use triend::http::server::Listening;
use triend::instance::{Instance, InstanceError};
use triend::log_file::LogFile;
use triend::stop::Stop;
use triend::token_worker::forbid_core_dumps;

use super::{Context, Ending, Trouble, print};

/// What runs beside the answers may take this long to notice the end.
const THREADS_END_WITHIN: Duration = Duration::from_secs(5);

pub(super) fn run(context: &Context) -> Result<Ending, Trouble> {
    // First of all: a PIN will pass through this process.
    forbid_core_dumps()?;
    let config = match context.configuration() {
        Ok(config) => config,
        Err(NoConfig::Faults(path, error)) => {
            super::complain(fault_lines(&path, &error, context.language));
            return Ok(Ending::Unable);
        }
        Err(NoConfig::Unreadable(path, error)) => {
            super::complain([unreadable_line(&path, &error, context.language)]);
            return Ok(Ending::Unable);
        }
    };
    if let Err(fault) = data_folder::check(&context.folder) {
        let said = match context.language {
            Language::Vi => fault.in_vietnamese(),
            Language::En | _ => fault.to_string(),
        };
        super::complain([format!("triend: {said}")]);
        return Ok(Ending::Unable);
    }
    let instance = match Instance::take(&context.folder) {
        Ok(instance) => instance,
        Err(InstanceError::Running(address)) => {
            let runs = context.say("triend đang chạy rồi", "triend runs already");
            let address = address.unwrap_or_default();
            super::complain([format!("triend: {runs}: {address}")]);
            return Ok(Ending::Unable);
        }
        Err(error) => return Err(Trouble::Other(error.into())),
    };
    start_logs(&config, &context.folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(run_until_stopped(config, &instance, context));
    runtime.shutdown_timeout(THREADS_END_WITHIN);
    result
}

async fn run_until_stopped(
    config: Config,
    instance: &Instance,
    context: &Context,
) -> Result<Ending, Trouble> {
    let listening = Listening::on(config.port)
        .await
        .map_err(|error| Trouble::Other(error.into()))?;
    let daemon = Daemon::open(config, context.folder.clone(), listening.port())?;
    // Before anybody knows of us: a signal that comes now ends us as it should.
    let signals = Signals::new()?;
    let (port, base) = (listening.port(), daemon.base());
    instance
        .listens_at(&base)
        .map_err(|error| Trouble::Other(error.into()))?;
    let mut lines = vec![format!("triend: {base}")];
    for taken in listening.skipped() {
        let sentence = context.say(
            "cổng này đã có chương trình khác dùng",
            "another program has this port",
        );
        tracing::warn!(port = taken, "another program has this port");
        lines.push(format!("triend: {taken}: {sentence}"));
    }
    print(lines)?;
    let version = env!("CARGO_PKG_VERSION");
    let ipv6 = listening.has_ipv6();
    tracing::info!(port, ipv6, version, "started");
    let signals = tokio::spawn(signals.stop(daemon.stop().clone()));
    tokio::select! {
        () = listening.serve(&daemon) => {}
        // The second signal: whoever sends it does not want to wait.
        _ = signals => {}
    }
    tracing::info!("ended");
    Ok(Ending::Well)
}

/// The signals that end the daemon.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [terminate, interrupt, hang_up] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
}

/// The signals that end the daemon.
#[cfg(windows)]
struct Signals([tokio::signal::windows::CtrlC; 1]);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self([tokio::signal::windows::ctrl_c()?]))
    }

    async fn next(&mut self) {
        let [interrupt] = &mut self.0;
        let _ = interrupt.recv().await;
    }
}

impl Signals {
    /// Begins the end at the first signal and returns at the second.
    async fn stop(mut self, stop: Stop) {
        self.next().await;
        tracing::info!("stopping");
        stop.begin();
        self.next().await;
    }
}

/// JSON lines in the folder's `logs`, and the same to read on standard error.
fn start_logs(config: &Config, folder: &Path) -> Result<(), Trouble> {
    let file = LogFile::open(&folder.join("logs"), config.limits.log_octets)?;
    // Other crates say what they were sent: only what they fail at is wanted.
    let filter = format!("error,triend={}", config.log_level.name());
    let to_file = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(move || file.clone());
    let to_read = tracing_subscriber::fmt::layer()
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(EnvFilter::new(filter))
        .with(to_file)
        .with(to_read)
        .init();
    // The text of a panic may hold anything: where it was is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, code = "internal", "panic");
    }));
    Ok(())
}

/// Why there is no configuration.
pub(super) enum NoConfig {
    Faults(PathBuf, ConfigError),
    Unreadable(PathBuf, std::io::Error),
}

/// That a file cannot be read.
pub(super) fn unreadable_line(path: &Path, error: &std::io::Error, language: Language) -> String {
    format!(
        "triend: {}: {}",
        path.display(),
        system_words(error, language)
    )
}

/// A line for each thing that is wrong with a file.
pub(super) fn fault_lines(path: &Path, error: &ConfigError, language: Language) -> Vec<String> {
    let faults = error.faults().iter();
    faults
        .map(|fault| format!("{}: {}", path.display(), fault.sentence(language)))
        .collect()
}
