//! Work on many threads, answers in the order of the questions, and never more of them in memory
//! than a window.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use super::{Ended, RunError};

/// Answers for each thread that may wait for an earlier one: a large file holds up the others no
/// sooner, and a thousand lines take no more than some megabytes.
const WINDOW: usize = 64;

/// How far the answers were taken.
struct Gate {
    taken: Mutex<usize>,
    moved: Condvar,
    window: usize,
}

impl Gate {
    /// Waits until `number` is within the window.
    fn wait(&self, number: usize) {
        let mut taken = held(&self.taken);
        while number >= taken.saturating_add(self.window) {
            taken = self
                .moved
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn set(&self, to: usize) {
        *held(&self.taken) = to;
        self.moved.notify_all();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing behind these locks is left half done by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers every question on `jobs` threads and hands the answers on in order, on the caller's.
pub(super) fn in_order<Q: Send, A: Send>(
    jobs: NonZeroUsize,
    stop: &AtomicBool,
    questions: impl Iterator<Item = Q> + Send,
    answer: impl Fn(Q) -> A + Sync,
    mut take: impl FnMut(A) -> Result<(), RunError>,
) -> Result<Ended, RunError> {
    if jobs == NonZeroUsize::MIN {
        return one_by_one(stop, questions, answer, take);
    }
    let questions = Mutex::new(questions.enumerate());
    let gate = Gate {
        taken: Mutex::new(0),
        moved: Condvar::new(),
        window: WINDOW.saturating_mul(jobs.get()),
    };
    // Set when nobody takes answers any more.
    let over = AtomicBool::new(false);
    let is_stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..jobs.get() {
            let sender = sender.clone();
            let (questions, gate, answer) = (&questions, &gate, &answer);
            let (over, is_stopped) = (&over, &is_stopped);
            scope.spawn(move || {
                loop {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let next = {
                        let mut questions = held(questions);
                        if stop.load(Ordering::Relaxed) {
                            is_stopped.store(true, Ordering::Relaxed);
                            return;
                        }
                        questions.next()
                    };
                    let Some((number, question)) = next else {
                        // Questions that end early, because of the same flag, were not all asked.
                        if stop.load(Ordering::Relaxed) {
                            is_stopped.store(true, Ordering::Relaxed);
                        }
                        return;
                    };
                    gate.wait(number);
                    if sender.send((number, answer(question))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0_usize;
        let mut outcome = Ok(());
        for (number, answer) in receiver {
            waiting.insert(number, answer);
            while let Some(answer) = waiting.remove(&next) {
                next = next.saturating_add(1);
                if let Err(error) = take(answer) {
                    outcome = Err(error);
                    break;
                }
                gate.set(next);
            }
            if outcome.is_err() {
                break;
            }
        }
        // Threads that wait at the gate go on and find that it is over.
        over.store(true, Ordering::Relaxed);
        gate.set(usize::MAX);
        outcome
    })?;
    Ok(if is_stopped.load(Ordering::Relaxed) {
        Ended::Stopped
    } else {
        Ended::Complete
    })
}

/// The same on the caller's thread alone: for one file, starting another costs more than it gives.
fn one_by_one<Q, A>(
    stop: &AtomicBool,
    questions: impl Iterator<Item = Q>,
    answer: impl Fn(Q) -> A,
    mut take: impl FnMut(A) -> Result<(), RunError>,
) -> Result<Ended, RunError> {
    let mut questions = questions;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(Ended::Stopped);
        }
        let Some(question) = questions.next() else {
            return Ok(if stop.load(Ordering::Relaxed) {
                Ended::Stopped
            } else {
                Ended::Complete
            });
        };
        take(answer(question))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn jobs(number: usize) -> NonZeroUsize {
        NonZeroUsize::new(number).unwrap()
    }

    #[test]
    fn answers_come_in_the_order_of_the_questions_on_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let stop = AtomicBool::new(false);
            let mut taken = Vec::new();
            let slow_first = |question: usize| {
                let rounds = if question.is_multiple_of(50) {
                    20_000
                } else {
                    10
                };
                (0..rounds).fold(question, |sum, _| std::hint::black_box(sum))
            };
            let ended = in_order(jobs(threads), &stop, 0..1_000, slow_first, |answer| {
                taken.push(answer);
                Ok(())
            });
            assert_eq!(ended.unwrap(), Ended::Complete);
            assert!(taken.iter().copied().eq(0..1_000));
        }
    }

    #[test]
    fn no_more_answers_are_in_memory_than_the_window() {
        let stop = AtomicBool::new(false);
        let (asked, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let most = AtomicUsize::new(0);
        let answer = |question| {
            let now = asked.fetch_add(1, Ordering::SeqCst) + 1;
            let open = now.saturating_sub(taken.load(Ordering::SeqCst));
            most.fetch_max(open, Ordering::SeqCst);
            if question == 0 {
                thread::sleep(std::time::Duration::from_millis(50));
            }
            question
        };
        in_order(jobs(4), &stop, 0..5_000, answer, |_: usize| {
            taken.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
        .unwrap();
        assert!(most.into_inner() <= WINDOW * 4 + 4);
    }

    #[test]
    fn a_stop_keeps_what_was_begun_and_an_error_ends_all() {
        for threads in [1, 3] {
            stopped_and_failed(jobs(threads));
        }
    }

    fn stopped_and_failed(jobs: NonZeroUsize) {
        let stop = AtomicBool::new(false);
        let mut taken = Vec::new();
        let ended = in_order(
            jobs,
            &stop,
            0..,
            |question: usize| question,
            |answer| {
                taken.push(answer);
                if answer == 200 {
                    stop.store(true, Ordering::Relaxed);
                }
                Ok(())
            },
        );
        assert_eq!(ended.unwrap(), Ended::Stopped);
        assert!(taken.len() > 200 && taken.iter().copied().eq(0..taken.len()));
        let stop = AtomicBool::new(false);
        let failed = in_order(
            jobs,
            &stop,
            0..,
            |question: usize| question,
            |_| Err(RunError::Told(std::io::ErrorKind::BrokenPipe.into())),
        );
        assert!(matches!(failed, Err(RunError::Told(_))));
    }

    #[test]
    fn questions_that_a_stop_ends_early_are_not_called_complete() {
        for threads in [1, 3] {
            let stop = AtomicBool::new(false);
            let questions = (0..10).take_while(|question| {
                if *question == 5 {
                    stop.store(true, Ordering::Relaxed);
                }
                *question < 5
            });
            let ended = in_order(
                jobs(threads),
                &stop,
                questions,
                |one: usize| one,
                |_| Ok(()),
            );
            assert_eq!(ended.unwrap(), Ended::Stopped);
        }
    }
}
