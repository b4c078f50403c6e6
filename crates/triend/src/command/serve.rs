//! Running the daemon.

use std::path::PathBuf;

use clap::Args;
use triend::config::Config;
use triend::daemon::Daemon;

use super::{Context, Ending, Trouble};

/// Arguments of the daemon.
#[derive(Debug, Default, Args)]
pub(crate) struct Serve {
    /// Tệp cấu hình TOML / configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Serve, context: &Context) -> Result<Ending, Trouble> {
    let config = match &arguments.config {
        Some(path) => Config::parse(&std::fs::read_to_string(path)?)
            .map_err(|error| Trouble::Other(error.into()))?,
        None => Config::default(),
    };
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", config.port)).await?;
        let port = listener.local_addr()?.port();
        let daemon = Daemon::open(config, context.folder.clone(), port)?;
        super::print([format!("triend: {}", daemon.base())])?;
        axum::serve(listener, triend::http::router(&daemon)).await?;
        Ok(Ending::Well)
    })
}
