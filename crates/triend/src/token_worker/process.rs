//! What the operating system is asked for so that a secret stays in this process and a worker
//! dies with its daemon.
//! Loads no module. Where the system offers a measure only on some platforms, the others do
//! without it; each function says so.

use std::fs::File;
use std::io;

/// Switches core dumps off for this process, and with them (Linux) the reading of its memory by
/// other programs of the same user. Call it first of all in a program that takes a PIN.
///
/// Unix: `RLIMIT_CORE` becomes 0. Linux: also `PR_SET_DUMPABLE` 0. Elsewhere nothing.
///
/// # Errors
/// The system refuses.
pub fn forbid_core_dumps() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none)?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

/// The pipes to the daemon, out of the reach of a module that prints or starts programs.
pub(super) struct Pipes {
    pub(super) requests: File,
    pub(super) replies: File,
}

/// Takes standard input and output for the protocol. What a module then prints goes to standard
/// error, what it reads is empty, and programs that it starts inherit neither pipe.
#[cfg(unix)]
pub(super) fn take_pipes() -> io::Result<Pipes> {
    use rustix::io::fcntl_dupfd_cloexec;
    use rustix::stdio::{dup2_stdin, dup2_stdout};
    /// The first descriptor after the standard ones.
    const AFTER_STANDARD: i32 = 3;
    let pipes = Pipes {
        requests: fcntl_dupfd_cloexec(io::stdin(), AFTER_STANDARD)?.into(),
        replies: fcntl_dupfd_cloexec(io::stdout(), AFTER_STANDARD)?.into(),
    };
    dup2_stdin(File::open("/dev/null")?)?;
    dup2_stdout(io::stderr())?;
    Ok(pipes)
}

/// Without means to move them, the standard streams themselves: a module that prints there ends
/// the worker.
#[cfg(windows)]
pub(super) fn take_pipes() -> io::Result<Pipes> {
    use std::os::windows::io::AsHandle as _;
    Ok(Pipes {
        requests: io::stdin().as_handle().try_clone_to_owned()?.into(),
        replies: io::stdout().as_handle().try_clone_to_owned()?.into(),
    })
}

/// Sees to it that this process does not outlive the daemon, even while a module hangs: the
/// system kills it with the daemon (Linux), and a thread kills it when the pipe from the daemon
/// closes (Unix). Elsewhere a worker ends when it next reads.
#[cfg(unix)]
pub(super) fn end_with_daemon(requests: &File) -> io::Result<()> {
    use std::thread;
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let watched = requests.try_clone()?;
    thread::Builder::new()
        .name("daemon-watch".into())
        .spawn(move || {
            use rustix::event::{PollFd, PollFlags, poll};
            loop {
                // No event is asked for: the closed pipe is always reported.
                let mut descriptors = [PollFd::new(&watched, PollFlags::empty())];
                match poll(&mut descriptors, None) {
                    Err(rustix::io::Errno::INTR) => {}
                    Ok(_) | Err(_) => break,
                }
            }
            end_now();
        })?;
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn end_with_daemon(_requests: &File) -> io::Result<()> {
    Ok(())
}

/// Ends this process and the programs its module started, without running what modules leave for
/// the end of a process: some hang there.
pub(super) fn end_now() -> ! {
    #[cfg(unix)]
    {
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::KILL);
    }
    std::process::abort()
}

/// Kills a child that leads its own process group, and the group. Call it only while the child
/// has not been waited for: its number could belong to another process afterwards.
pub(super) fn kill_group(child: &mut std::process::Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = child.kill();
}

/// Whether a child has ended, without waiting for it: its number stays its own.
pub(super) fn has_exited(child: &std::process::Child) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        id.is_some_and(|id| matches!(waitid(WaitId::Pid(id), peek), Ok(Some(_))))
    }
    #[cfg(not(unix))]
    {
        let _ = child;
        false
    }
}
