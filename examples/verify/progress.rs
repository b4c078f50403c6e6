//! How far a run is, on a terminal alone: a pipe stays quiet.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
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
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {told}") {
            let told = move |state: &ProgressState, line: &mut dyn std::fmt::Write| {
                let (done, all) = (state.pos(), state.len());
                // What cannot be written is not seen.
                let _ =
                    line.write_str(&told((done, all), (state.per_sec(), state.eta()), language));
            };
            bar.set_style(style.with_key("told", told));
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

/// The line beside the bar: `1.234/10.000 tệp, 6.114 tệp/giây, còn 2 phút`.
fn told(
    (done, all): (u64, Option<u64>),
    (rate, left): (f64, Duration),
    language: Language,
) -> String {
    let number = |count| grouped(count, language);
    let all_told = all.map_or_else(|| "?".to_owned(), number);
    let done_told = number(done);
    let rate = match (whole(rate), language) {
        (Some(rate), Language::En) => format!(", {} files/s", number(rate)),
        (Some(rate), _) => format!(", {} tệp/giây", number(rate)),
        (None, _) => String::new(),
    };
    // Nobody knows what is left before all are counted, or before anything is done.
    let left = match (all, language) {
        (Some(_), Language::En) if done > 0 => format!(", {} left", span(left, language)),
        (Some(_), _) if done > 0 => format!(", còn {}", span(left, language)),
        _ => String::new(),
    };
    let files = match language {
        Language::En => "files",
        Language::Vi | _ => "tệp",
    };
    format!("{done_told}/{all_told} {files}{rate}{left}")
}

/// Rounded; `None` below one, where a whole number says nothing.
fn whole(rate: f64) -> Option<u64> {
    // No run does more in a second; what is no number is none.
    let bounded = rate.round().clamp(0.0, 1e9);
    let digits = format!("{bounded:.0}");
    digits.parse().ok().filter(|rate| *rate > 0)
}

/// Thousands apart, by a dot in Vietnamese and by a comma in English.
fn grouped(count: u64, language: Language) -> String {
    let sign = match language {
        Language::En => ',',
        Language::Vi | _ => '.',
    };
    let digits = count.to_string();
    let mut told = String::new();
    for (place, digit) in digits.chars().enumerate() {
        let behind = digits.len().saturating_sub(place);
        if place > 0 && behind.is_multiple_of(3) {
            told.push(sign);
        }
        told.push(digit);
    }
    told
}

/// How long, in its largest unit.
fn span(time: Duration, language: Language) -> String {
    let seconds = time.as_secs();
    let (count, vi, en) = match seconds {
        0..=89 => (seconds, "giây", "s"),
        90..=5_399 => (seconds.saturating_add(30) / 60, "phút", "min"),
        _ => (seconds.saturating_add(1_800) / 3_600, "giờ", "h"),
    };
    let count = grouped(count, language);
    match language {
        Language::En => format!("{count} {en}"),
        Language::Vi | _ => format!("{count} {vi}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_and_grouped_as_the_language_does() {
        let seconds = Duration::from_secs;
        for (counts, rate, left, vi, en) in [
            (
                (1_234, Some(1_000_000)),
                6_114.163_5,
                seconds(150),
                "1.234/1.000.000 tệp, 6.114 tệp/giây, còn 3 phút",
                "1,234/1,000,000 files, 6,114 files/s, 3 min left",
            ),
            ((0, None), 0.0, seconds(0), "0/? tệp", "0/? files"),
            (
                (999, Some(1_000)),
                0.4,
                seconds(7_300),
                "999/1.000 tệp, còn 2 giờ",
                "999/1,000 files, 2 h left",
            ),
            (
                (1, Some(2)),
                f64::NAN,
                seconds(45),
                "1/2 tệp, còn 45 giây",
                "1/2 files, 45 s left",
            ),
        ] {
            assert_eq!(told(counts, (rate, left), Language::Vi), vi);
            assert_eq!(told(counts, (rate, left), Language::En), en);
        }
    }
}
