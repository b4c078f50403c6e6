//! The rows: which work, who does it, and what we aim at. The first contender is ours, the second
//! the physical work or the fastest of the others.

use super::contender::{Contender, Figures, Timing, Tools, UNWATCHED};

/// What is aimed at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    /// So many pieces of work a second, in a process of so much memory.
    PerSecond { rate: f64, mib: Option<f64> },
    /// Not more than so many times what the second contender takes.
    Times(f64),
    /// A whole process within so many seconds, and so much memory.
    Within { seconds: f64, mib: Option<f64> },
}

/// What takes longer than so many seconds is run once.
const TIRESOME: f64 = 15.0;

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) work: &'static str,
    pub(super) target: Target,
    pub(super) is_told_as_rate: bool,
    /// Rounds in which each contender runs once.
    rounds: usize,
    contenders: Vec<Contender>,
}

impl Row {
    /// Runs every contender that is here, in turn.
    pub(super) fn run(&self, tools: &Tools) -> Vec<(&'static str, Result<Figures, String>)> {
        let mut times: Vec<Result<Vec<f64>, String>> = self
            .contenders
            .iter()
            .map(|contender| {
                if contender.is_here(tools) {
                    Ok(Vec::new())
                } else {
                    Err("not here, skipped".to_owned())
                }
            })
            .collect();
        // The first round warms up: files come into memory, and is not counted.
        for round in 0..=self.rounds {
            for (contender, times) in self.contenders.iter().zip(&mut times) {
                let Ok(kept) = times else { continue };
                if kept.iter().any(|seconds| *seconds > TIRESOME) {
                    continue;
                }
                match contender.seconds(tools) {
                    Ok(seconds) if round == 0 && seconds <= TIRESOME => {}
                    Ok(seconds) => kept.push(seconds),
                    Err(why) => *times = Err(why),
                }
            }
        }
        self.contenders
            .iter()
            .zip(times)
            .map(|(contender, times)| {
                let figures = times.map(|mut times| {
                    times.sort_by(f64::total_cmp);
                    Figures {
                        seconds: times.get(times.len() / 2).copied().unwrap_or(f64::NAN),
                        memory_mib: contender.memory_mib(tools),
                    }
                });
                (contender.name, figures)
            })
            .collect()
    }
}

pub(super) const PYTHON: &str = "../judges/venv/bin/python";
pub(super) const LOOP: &str = "../../fixtures/peers/pyhanko_loop.py";
const MEASURE: &str = "../release/examples/measure";
pub(super) const VERIFY: &str = "../release/examples/verify";
const SIGN: &str = "../release/examples/sign";

/// The moment of judgement, at which the revocation lists that were made are fresh.
const AT: &str = "2027-05-31T08:00:00+07:00";

pub(super) fn ours(words: &[&'static str]) -> Contender {
    Contender {
        name: "ours",
        timing: Timing::Process,
        words: words.to_vec(),
        at_most_seconds: UNWATCHED,
        pieces: 1,
    }
}

fn ours_itself(work: &'static str, words: &[&'static str]) -> Contender {
    Contender {
        name: "ours",
        timing: Timing::Itself(work),
        words: words.to_vec(),
        at_most_seconds: UNWATCHED,
        pieces: 1,
    }
}

pub(super) fn process(name: &'static str, words: &[&'static str]) -> Contender {
    Contender {
        name,
        timing: Timing::Process,
        words: words.to_vec(),
        at_most_seconds: UNWATCHED,
        pieces: 1,
    }
}

pub(super) fn pyhanko(words: &[&'static str]) -> Contender {
    Contender {
        name: "pyHanko",
        timing: Timing::Itself(""),
        words: words.to_vec(),
        at_most_seconds: 120,
        pieces: 1,
    }
}

fn ours_signs(original: &'static str, signed: &'static str) -> Contender {
    ours(&[
        SIGN,
        "--soft-key",
        "signer.pem",
        "--field",
        "HieuTruong",
        "--at",
        "2026-05-31T08:00:00+07:00",
        original,
        signed,
    ])
}

fn ours_verifies(file: &'static str) -> Contender {
    ours(&[VERIFY, "--anchors", "anchors", "--at", AT, file])
}

fn pyhanko_signs(rounds: &'static str, original: &'static str, signed: &'static str) -> Contender {
    pyhanko(&[
        PYTHON,
        LOOP,
        "sign",
        "signer.key.pem",
        "signer.certificate.pem",
        "signer.authority.pem",
        rounds,
        original,
        signed,
    ])
}

fn pyhanko_verifies(rounds: &'static str, files: &[&'static str]) -> Contender {
    pyhanko(&[&[PYTHON, LOOP, "verify", "anchors", rounds], files].concat())
}

/// One signature after the other, without a document.
fn openssl_signs() -> Contender {
    Contender {
        name: "`openssl speed`",
        timing: Timing::OpensslSign,
        words: vec!["openssl", "speed", "-mr", "-seconds", "1", "rsa2048"],
        at_most_seconds: UNWATCHED,
        pieces: 1,
    }
}

fn mutool(name: &'static str, file: &'static str) -> Contender {
    process(name, &["mutool", "sign", "-v", file])
}

fn pdfsig(name: &'static str, file: &'static str) -> Contender {
    process(name, &["pdfsig", "-nocert", file])
}

pub(super) fn all() -> Vec<Row> {
    let mut rows = signing();
    rows.extend(verifying());
    rows.extend(large());
    rows.extend(super::archive::rows());
    rows
}

const fn per_second(rate: f64) -> Target {
    Target::PerSecond { rate, mib: None }
}

pub(super) fn row(
    work: &'static str,
    target: Target,
    rounds: usize,
    contenders: Vec<Contender>,
) -> Row {
    Row {
        work,
        target,
        is_told_as_rate: contenders
            .first()
            .is_some_and(|first| first.timing != Timing::Process || first.pieces > 1),
        rounds,
        contenders,
    }
}

fn signing() -> Vec<Row> {
    vec![
        row(
            "sign B-B, 50 kB, SoftHSM RSA-2048, in a loop",
            Target::Times(1.25),
            5,
            vec![
                ours_itself("sign, key on the token", &[MEASURE, "token", ".", "300"]),
                Contender {
                    name: "the token alone",
                    ..ours_itself("the token alone", &[MEASURE, "token", ".", "300"])
                },
            ],
        ),
        row(
            "sign B-B, 50 kB, RSA-2048 in memory, one thread",
            Target::Times(1.11),
            5,
            vec![
                ours_itself("sign, key in memory", &[MEASURE, "sign", ".", "400"]),
                openssl_signs(),
                pyhanko_signs("15", "plain/00.pdf", "-"),
            ],
        ),
        row(
            "the same, one process on two cores (`openssl speed` on one)",
            Target::Times(1.11),
            5,
            vec![
                ours_itself(
                    "sign, key in memory, 2 threads",
                    &[MEASURE, "sign", ".", "2000", "2"],
                ),
                openssl_signs(),
            ],
        ),
    ]
}

fn verifying() -> Vec<Row> {
    let of = |work, target, ours, pyhanko| row(work, target, 5, vec![ours, pyhanko]);
    vec![
        of(
            "verify with changes and trust, 50 kB, 1 signature",
            per_second(6_000.0),
            ours_itself("verify one", &[MEASURE, "verify", ".", "one", "2000"]),
            pyhanko_verifies("30", &["one/00.pdf", "one/01.pdf"]),
        ),
        of(
            "the same, a chain of 10 signatures",
            per_second(2_000.0),
            ours_itself("verify ten", &[MEASURE, "verify", ".", "ten", "500"]),
            pyhanko_verifies("5", &["ten/00.pdf", "ten/01.pdf"]),
        ),
        of(
            "the same, a record of 20 kB with 3 signatures, one core",
            per_second(2_500.0),
            ours_itself("verify three", &[MEASURE, "verify", ".", "three", "1000"]),
            pyhanko_verifies("15", &["three/00.pdf", "three/01.pdf"]),
        ),
        row(
            "start-up to the first verdict, 50 kB",
            Target::Within {
                seconds: 0.005,
                mib: None,
            },
            21,
            vec![
                ours_verifies("one/00.pdf"),
                mutool("mutool", "one/00.pdf"),
                pdfsig("pdfsig", "one/00.pdf"),
                process(
                    "`openssl dgst` of it",
                    &["openssl", "dgst", "-sha256", "one/00.pdf"],
                ),
            ],
        ),
    ]
}

fn large() -> Vec<Row> {
    let mut rows = large_signing();
    rows.extend(large_verifying());
    rows
}

fn large_signing() -> Vec<Row> {
    vec![
        row(
            "sign a file of 104 MB",
            Target::Times(1.5),
            5,
            vec![
                ours_signs("scans/0.pdf", "scans/ours.pdf"),
                process(
                    "`openssl dgst` + `cp`",
                    &[
                        "sh",
                        "-c",
                        "openssl dgst -sha256 scans/0.pdf && cp scans/0.pdf scans/copy.pdf",
                    ],
                ),
                process(
                    "the same, brought to the disk as ours is",
                    &[
                        "sh",
                        "-c",
                        "openssl dgst -sha256 scans/0.pdf && cp scans/0.pdf scans/copy.pdf && \
                         sync scans/copy.pdf",
                    ],
                ),
                pyhanko_signs("1", "scans/0.pdf", "scans/theirs.pdf"),
            ],
        ),
        row(
            "sign a file of 20,000 pages, 200,000 objects",
            Target::Within {
                seconds: 0.1,
                mib: None,
            },
            5,
            vec![
                ours_signs("pages/0.pdf", "pages/ours.pdf"),
                pyhanko_signs("1", "pages/0.pdf", "pages/theirs.pdf"),
            ],
        ),
    ]
}

fn large_verifying() -> Vec<Row> {
    vec![
        row(
            "verify a file of 104 MB",
            Target::Times(1.2),
            7,
            vec![
                ours_verifies("scans/1.pdf"),
                process(
                    "`openssl dgst`",
                    &["openssl", "dgst", "-sha256", "scans/1.pdf"],
                ),
                mutool("mutool (no changes)", "scans/1.pdf"),
                pdfsig("pdfsig (no changes)", "scans/1.pdf"),
                pyhanko_verifies("1", &["scans/1.pdf"]),
            ],
        ),
        row(
            "verify 20,000 pages, signed twice, with changes",
            Target::Within {
                seconds: 0.15,
                mib: Some(64.0),
            },
            5,
            vec![
                ours_verifies("pages/2.pdf"),
                mutool("mutool (no changes)", "pages/2.pdf"),
                pdfsig("pdfsig (no changes)", "pages/2.pdf"),
                pyhanko_verifies("1", &["pages/2.pdf"]),
            ],
        ),
        row(
            "30,000 objects in object streams, signed twice",
            Target::Within {
                seconds: 0.1,
                mib: None,
            },
            5,
            vec![
                ours_verifies("stream/2.pdf"),
                mutool("mutool (no changes)", "stream/2.pdf"),
                pdfsig("pdfsig (no changes)", "stream/2.pdf"),
                pyhanko_verifies("1", &["stream/2.pdf"]),
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_begins_with_ours_and_has_a_peer() {
        for row in all() {
            assert_eq!(row.contenders[0].name, "ours", "{}", row.work);
            assert!(row.contenders.len() > 1, "{}", row.work);
        }
    }
}
