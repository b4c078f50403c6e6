//! How far a run is, on a terminal alone: a pipe stays quiet.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trien::Language;
use trien::archive::Archive;

/// A bar that counts records, or nothing.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Tells the thread that counts that nobody waits for it.
    over: Arc<AtomicBool>,
}

impl Progress {
    /// A bar on standard error where that is a terminal; none without an archive.
    pub(crate) fn of(archive: Option<Archive>, language: Language) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let Some(archive) = archive.filter(|_| std::io::stderr().is_terminal()) else {
            return Self {
                bar: ProgressBar::hidden(),
                over,
            };
        };
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        let template = match language {
            Language::En => "{bar:30} {pos}/{len} files, {per_sec}, {eta} left",
            Language::Vi | _ => "{bar:30} {pos}/{len} tệp, {per_sec}, còn {eta}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        // Counted beside the run: names alone are read for it.
        let (counting, counted) = (bar.clone(), Arc::clone(&over));
        thread::spawn(move || {
            let mut files = 0_u64;
            for _ in archive.files() {
                if counted.load(Ordering::Relaxed) {
                    return;
                }
                files = files.saturating_add(1);
            }
            counting.set_length(files);
        });
        Self { bar, over }
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }

    /// Says something without tearing the bar.
    pub(crate) fn aside<T>(&self, say: impl FnOnce() -> T) -> T {
        self.bar.suspend(say)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }
}
