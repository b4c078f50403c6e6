//! A file's octets as pages of memory: the one place that maps (docs/adr/0003). Pages of a large
//! file are given back while it is read, so that memory stays flat however large it is.

use std::fs::File;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use memmap2::Mmap;

/// From so many octets on pages are given back. Below that, what is read once is read again soon,
/// and a thread costs more than the memory is worth.
const GIVEN_BACK: usize = 256 << 20;

/// How often. At the two gigaoctets a second that are hashed here, so many pages stay as 64 MB hold.
const EVERY: Duration = Duration::from_millis(20);

/// A mapped file.
#[derive(Debug)]
pub(super) struct Pages {
    map: Arc<Mmap>,
    /// Dropped with the pages, which ends the thread that gives them back.
    _reader: Option<Sender<()>>,
}

impl Pages {
    /// Maps a file that has octets.
    pub(super) fn of(file: &File) -> std::io::Result<Self> {
        #[expect(
            unsafe_code,
            reason = "mapping is what keeps memory use apart from file size"
        )]
        // SAFETY: the map is read-only and lives no longer than this value and its thread. Another
        // process could still write to the file; readers of these octets bound-check every access
        // and trust no value twice, so a torn read gives a wrong verdict at worst, never undefined
        // behaviour that they rely on.
        let map = Arc::new(unsafe { Mmap::map(file) }?);
        let _reader = (map.len() >= GIVEN_BACK).then(|| give_back(&map)).flatten();
        Ok(Self { map, _reader })
    }
}

impl Deref for Pages {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

/// Gives pages back until the sender is dropped. Where no thread is to be had, they stay until the
/// system wants them.
fn give_back(map: &Arc<Mmap>) -> Option<Sender<()>> {
    let map = Arc::clone(map);
    let (reader, dropped) = channel();
    thread::Builder::new()
        .name("trien-pages".to_owned())
        .spawn(move || {
            while dropped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                release(&map);
            }
        })
        .ok()?;
    Some(reader)
}

#[cfg(target_os = "linux")]
fn release(map: &Mmap) {
    #[expect(unsafe_code, reason = "as for mapping itself")]
    // SAFETY: the map is read-only and of a file, so no page holds anything but the file's octets:
    // whoever reads one again has the same octets from the system.
    let _stays_if_not = unsafe { map.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
}

#[cfg(not(target_os = "linux"))]
fn release(_: &Mmap) {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kilobytes of this file that are in memory now, by `proc_pid_smaps(5)`.
    #[cfg(target_os = "linux")]
    fn resident(path: &std::path::Path) -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let name = path.to_str().unwrap();
        let mut lines = maps.lines().skip_while(|line| !line.ends_with(name));
        let rss = lines.find_map(|line| line.strip_prefix("Rss:")).unwrap();
        rss.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn pages_of_a_large_file_do_not_stay_and_say_the_same_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("large");
        let file = File::create_new(&path).unwrap();
        file.set_len(300 << 20).unwrap();
        let pages = Pages::of(&File::open(&path).unwrap()).unwrap();
        let sum = || {
            pages
                .iter()
                .step_by(4_096)
                .map(|octet| u64::from(*octet))
                .sum::<u64>()
        };
        assert_eq!(sum(), 0);
        // However long a busy machine takes to come to the thread.
        while resident(&path) > 32 << 10 {
            thread::sleep(EVERY);
        }
        assert_eq!(sum(), 0);
        assert_eq!(pages.len(), 300 << 20);
    }
}
