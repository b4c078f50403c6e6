//! Drawing processes, several at a time, within a time for the whole run.
//! Knows pages by their places; not why they are drawn.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use trien_preview::{DrawFault, PagePicture, draw_page};

use super::{DRAWER, WIDTH};

/// Seconds of the processor that a small picture may take: a scanned page takes under one. One
/// document of some kilobytes, whose forms draw each other, takes whatever it is given.
pub(super) const PAGE_SECONDS: u64 = 3;

/// What drawing may take in a run of any size.
const RUN: Duration = Duration::from_mins(2);

/// What each verified file adds to it: four pages at a tenth of a second each, and some more.
const FILE: Duration = Duration::from_millis(500);

/// Why a page has no picture, or its picture.
type Drawn = Result<PagePicture, DrawFault>;

/// Pages of one file, to be drawn one after the other: the place in the file is that of all its
/// handles.
struct Job {
    document: File,
    pages: Vec<(usize, usize)>,
    drawn: Sender<(usize, Drawn)>,
}

/// Processes that draw, as many at a time as there are processors.
#[derive(Debug)]
pub(super) struct Drawers {
    jobs: Sender<Job>,
    left: Arc<TimeLeft>,
    count: usize,
}

/// What is left of the run's time, in milliseconds of drawing processes.
#[derive(Debug)]
struct TimeLeft(AtomicU64);

impl TimeLeft {
    fn add(&self, time: Duration) {
        let more = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.change(|left| left.saturating_add(more));
    }

    fn take(&self, time: Duration) {
        let less = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.change(|left| left.saturating_sub(less));
    }

    fn change(&self, of: impl Fn(u64) -> u64) {
        // Never refused: the function always gives a value.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(of(left)));
    }

    fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

impl Drawers {
    pub(super) fn new(program: PathBuf) -> Self {
        let count = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let (jobs, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let left = Arc::new(TimeLeft(AtomicU64::new(0)));
        left.add(RUN);
        let program = Arc::new(program);
        for _ in 0..count {
            let (program, waiting, left) = (
                Arc::clone(&program),
                Arc::clone(&waiting),
                Arc::clone(&left),
            );
            // It ends when nobody can send it anything any more.
            thread::spawn(move || work(&program, &waiting, &left));
        }
        Self { jobs, left, count }
    }

    /// As many as draw at a time.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Another file was verified: the run may take longer.
    pub(super) fn extend(&self) {
        self.left.add(FILE);
    }

    /// No time is left from now on.
    #[cfg(test)]
    pub(super) fn stop(&self) {
        self.left.take(Duration::MAX);
    }

    /// Has pages drawn, each named by a number of the caller's, from 0 in the document.
    pub(super) fn draw(
        &self,
        document: File,
        pages: Vec<(usize, usize)>,
        drawn: Sender<(usize, Drawn)>,
    ) {
        // Without workers nobody says anything, and no page has a picture.
        let _ = self.jobs.send(Job {
            document,
            pages,
            drawn,
        });
    }
}

fn work(program: &Path, waiting: &Mutex<Receiver<Job>>, left: &TimeLeft) {
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(job) = next else {
            return;
        };
        for (name, page) in job.pages {
            let drawn = if left.is_over() {
                Err(DrawFault::TooMuch)
            } else {
                let begun = now();
                let drawn = one(program, &job.document, page);
                left.take(begun.elapsed());
                drawn
            };
            if job.drawn.send((name, drawn)).is_err() {
                break;
            }
        }
    }
}

/// How long drawing took says nothing of a document.
#[expect(
    clippy::disallowed_methods,
    reason = "measures the run's own work, which no verdict rests on"
)]
fn now() -> Instant {
    Instant::now()
}

fn one(program: &Path, document: &File, page: usize) -> Drawn {
    let failed = |_| DrawFault::Failed;
    let mut again = document.try_clone().map_err(failed)?;
    again.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut drawer = Command::new(program);
    draw_page(drawer.arg(DRAWER), again, page, WIDTH, PAGE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_the_time_is_over_nothing_more_is_drawn() {
        let drawers = Drawers::new("/nowhere".into());
        let drawn = || {
            let (sender, receiver) = mpsc::channel();
            let document = tempfile::tempfile().unwrap();
            drawers.draw(document, vec![(7, 0)], sender);
            receiver.recv().unwrap()
        };
        assert_eq!(drawn(), (7, Err(DrawFault::Failed)));
        drawers.stop();
        assert_eq!(drawn(), (7, Err(DrawFault::TooMuch)));
        // Each verified file adds some.
        drawers.extend();
        assert_eq!(drawn(), (7, Err(DrawFault::Failed)));
    }
}
