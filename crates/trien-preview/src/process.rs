//! Starts a drawing process for a page, and ends it in time.
//! Does not read documents.

use std::fs::File;
use std::io::{self, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::{DrawFault, PICTURE_OCTETS, PagePicture};

/// How much longer than its time on the processor a picture may take where other programs use it too.
const WAIT_FACTOR: u32 = 4;

/// Has one page drawn, from 0, `width` pixels wide. `drawer` is the program with its words that
/// leads to [`crate::run_page_drawer`]; `--page=N`, `--width=N` and `--seconds=N` are added to them,
/// and the document is its standard input. The process has no environment, and is ended after four
/// times as many seconds as it may use of the processor, at the latest after
/// [`crate::LONGEST_SECONDS`].
///
/// # Errors
/// Why there is no picture.
pub fn draw_page(
    drawer: &mut Command,
    document: File,
    page: usize,
    width: u16,
    seconds: u64,
) -> Result<PagePicture, DrawFault> {
    let mut child = drawer
        .arg(format!("--page={page}"))
        .arg(format!("--width={width}"))
        .arg(format!("--seconds={seconds}"))
        .env_clear()
        .stdin(Stdio::from(document))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| DrawFault::Failed)?;
    let octets = said_in_time(&mut child, longest_wait(seconds));
    if octets.is_err() {
        // It may have ended by itself meanwhile.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|_| DrawFault::Failed)?;
    let octets = octets?;
    if !status.success() {
        // No status: a signal, such as that of the time limit.
        return Err(status
            .code()
            .map_or(DrawFault::TooMuch, DrawFault::of_status));
    }
    PagePicture::parse(&octets).ok_or(DrawFault::Failed)
}

fn longest_wait(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
        .saturating_mul(WAIT_FACTOR)
        .min(Duration::from_secs(crate::LONGEST_SECONDS))
}

/// Everything the child says until it closes its output. The thread that reads ends with the child.
fn said_in_time(child: &mut Child, longest: Duration) -> Result<Vec<u8>, DrawFault> {
    let output = child.stdout.take().ok_or(DrawFault::Failed)?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut octets = Vec::new();
        let read: io::Result<usize> = output.take(PICTURE_OCTETS).read_to_end(&mut octets);
        // Nobody waits any more where this fails.
        let _ = sender.send(read.map(|_| octets));
    });
    receiver
        .recv_timeout(longest)
        .map_err(|_| DrawFault::TooMuch)?
        .map_err(|_| DrawFault::Failed)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> File {
        File::open("/dev/null").unwrap()
    }

    #[test]
    fn the_exit_status_of_the_drawer_is_the_fault() {
        for fault in [DrawFault::NoSuchPage, DrawFault::ReadersDiffer] {
            let mut drawer = Command::new("sh");
            drawer.args(["-c", &format!("exit {}", fault.status())]);
            assert_eq!(
                draw_page(&mut drawer, document(), 0, 100, crate::LONGEST_SECONDS),
                Err(fault)
            );
        }
    }

    #[test]
    fn a_drawer_that_dies_or_is_not_there_costs_a_picture() {
        let mut drawer = Command::new("sh");
        drawer.args(["-c", "kill -9 $$"]);
        let fault = draw_page(&mut drawer, document(), 0, 100, crate::LONGEST_SECONDS);
        assert_eq!(fault, Err(DrawFault::TooMuch));
        let mut drawer = Command::new("/nowhere/at/all");
        let fault = draw_page(&mut drawer, document(), 0, 100, crate::LONGEST_SECONDS);
        assert_eq!(fault, Err(DrawFault::Failed));
    }

    #[test]
    fn a_drawer_that_does_not_end_is_ended() {
        let mut drawer = Command::new("sh");
        // Waiting for it to end by itself would take an hour.
        drawer.args(["-c", "exec sleep 3600"]);
        let fault = draw_page(&mut drawer, document(), 0, 100, 1);
        assert_eq!(fault, Err(DrawFault::TooMuch));
        assert_eq!(
            longest_wait(60),
            Duration::from_secs(crate::LONGEST_SECONDS)
        );
    }

    #[test]
    fn what_is_no_picture_is_not_taken_for_one() {
        let mut drawer = Command::new("sh");
        drawer.args(["-c", "echo short"]);
        let fault = draw_page(&mut drawer, document(), 0, 100, crate::LONGEST_SECONDS);
        assert_eq!(fault, Err(DrawFault::Failed));
    }
}
