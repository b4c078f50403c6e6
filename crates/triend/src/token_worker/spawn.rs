//! Starting worker processes.
//! Knows nothing of what is sent to them.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use super::TokenServiceSettings;

type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// The thread that starts every worker of this process. It lives as long as the process: Linux
/// takes the end of the thread that started a child for the end of its parent, and would kill the
/// worker with it.
static SPAWNER: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();

/// Starts `triend token-worker --module PATH`, in a process group of its own, with three pipes.
pub(super) fn start(settings: &TokenServiceSettings, module: &Path) -> io::Result<Child> {
    let mut command = Command::new(&settings.executable);
    command
        .arg("token-worker")
        .arg("--module")
        .arg(module)
        .envs(
            settings
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    let (reply, child) = mpsc::channel();
    spawner()?
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .send((command, reply))
        .map_err(io::Error::other)?;
    child.recv().map_err(io::Error::other)?
}

fn spawner() -> io::Result<&'static Mutex<mpsc::Sender<Order>>> {
    if let Some(spawner) = SPAWNER.get() {
        return Ok(spawner);
    }
    let (sender, orders) = mpsc::channel::<Order>();
    thread::Builder::new()
        .name("token-worker-start".into())
        .spawn(move || {
            for (mut command, reply) in orders {
                if let Err(mpsc::SendError(Ok(mut unwanted))) = reply.send(command.spawn()) {
                    super::process::kill_group(&mut unwanted);
                    let _ = unwanted.wait();
                }
            }
        })?;
    // Of two threads made at once, one gets no orders and ends.
    Ok(SPAWNER.get_or_init(|| Mutex::new(sender)))
}
