//! The table in Markdown, and its place in the page.
//! Runs nothing.

use super::contender::Figures;
use super::rows::{Row, Target};

/// A row in Markdown.
pub(super) fn line(row: &Row, results: Vec<(&'static str, Result<Figures, String>)>) -> String {
    let mut results = results.into_iter();
    let Some((_, ours)) = results.next() else {
        return String::new();
    };
    let others: Vec<_> = results.collect();
    let met = match &ours {
        Ok(ours) => row.target.is_met(*ours, &others),
        Err(_) => None,
    };
    let peers: Vec<String> = others
        .iter()
        .map(|(name, result)| match (result, &ours) {
            (Ok(theirs), Ok(ours)) => format!(
                "{name} {} ({})",
                amount(*theirs, row),
                ratio(theirs.seconds / ours.seconds)
            ),
            (Ok(theirs), Err(_)) => format!("{name} {}", amount(*theirs, row)),
            (Err(why), _) => format!("{name}: {why}"),
        })
        .collect();
    format!(
        "| {} | {} | {} | {} | {} |",
        row.work,
        ours.map_or_else(|why| why, |ours| amount(ours, row)),
        peers.join("; "),
        row.target.words(&others),
        met.map_or("–", |met| if met { "yes" } else { "no" }),
    )
}

/// A time or a rate, as the target speaks of it.
fn amount(figures: Figures, row: &Row) -> String {
    let memory = figures
        .memory_mib
        .map(|memory| format!(", {memory:.0} MB"))
        .unwrap_or_default();
    if row.is_told_as_rate {
        format!("{}/s{memory}", rounded(1.0 / figures.seconds))
    } else if figures.seconds < 0.1 {
        format!("{:.1} ms{memory}", figures.seconds * 1e3)
    } else {
        format!("{:.2} s{memory}", figures.seconds)
    }
}

fn rounded(number: f64) -> String {
    if number < 100.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let split = digits.len().saturating_sub(3);
    match digits.split_at_checked(split) {
        Some((thousands, rest)) if split > 0 => format!("{thousands},{rest}"),
        _ => digits,
    }
}

/// How many times as long as ours.
fn ratio(times: f64) -> String {
    match times {
        large if large >= 10.0 => format!("× {large:.0}"),
        small => format!("× {small:.2}"),
    }
}

impl Target {
    fn is_met(
        self,
        ours: Figures,
        others: &[(&'static str, Result<Figures, String>)],
    ) -> Option<bool> {
        match self {
            Self::PerSecond { rate, mib } => {
                Some(1.0 / ours.seconds >= rate && ours.is_within(mib))
            }
            Self::Within { seconds, mib } => Some(ours.seconds <= seconds && ours.is_within(mib)),
            Self::Times(times) => {
                let (_, first) = others.first()?;
                Some(ours.seconds <= times * first.as_ref().ok()?.seconds)
            }
        }
    }

    fn words(self, others: &[(&'static str, Result<Figures, String>)]) -> String {
        match self {
            Self::PerSecond { rate, mib } => format!("≥ {}/s{}", rounded(rate), at_most(mib)),
            Self::Within { seconds, mib } => {
                let memory = at_most(mib);
                if seconds < 0.1 {
                    format!("≤ {:.0} ms{memory}", seconds * 1e3)
                } else {
                    format!("≤ {seconds} s{memory}")
                }
            }
            Self::Times(times) => {
                let name = others.first().map_or("", |(name, _)| *name);
                format!("time ≤ {times:.2} × {name}")
            }
        }
    }
}

fn at_most(mib: Option<f64>) -> String {
    mib.map(|mib| format!(", ≤ {mib:.0} MB"))
        .unwrap_or_default()
}

/// The whole table.
pub(super) fn table(lines: &[String], machine: &str) -> String {
    let rows = lines.join("\n");
    format!(
        "Measured on {machine}. Medians; in brackets how many times as long as ours.\n\n\
         | work | ours | peers | target | met |\n|---|---|---|---|---|\n{rows}\n"
    )
}

/// `page` with `table` between two lines; `None` when they are not there.
pub(super) fn placed(page: &str, begin: &str, end: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn figures(seconds: f64) -> Figures {
        Figures {
            seconds,
            memory_mib: None,
        }
    }

    #[test]
    fn a_table_takes_the_place_of_the_one_before() {
        let page = "a\n<b>\nold\n<e>\nz\n";
        let placed = placed(page, "<b>", "<e>", "new\n").unwrap();
        assert_eq!(placed, "a\n<b>\nnew\n<e>\nz\n");
        assert_eq!(super::placed("nothing", "<b>", "<e>", ""), None);
    }

    #[test]
    fn targets_are_held_against_rates_times_and_peers() {
        let peers = [("raw", Ok(figures(0.001)))];
        let target = Target::PerSecond {
            rate: 6_000.0,
            mib: None,
        };
        assert_eq!(target.is_met(figures(0.000_1), &peers), Some(true));
        assert_eq!(target.is_met(figures(0.001), &peers), Some(false));
        assert_eq!(
            Target::Times(1.2).is_met(figures(0.001_1), &peers),
            Some(true)
        );
        assert_eq!(
            Target::Times(1.2).is_met(figures(0.001_3), &peers),
            Some(false)
        );
        assert_eq!(Target::Times(1.2).is_met(figures(0.001), &[]), None);
        let bounded = Target::Within {
            seconds: 0.15,
            mib: Some(64.0),
        };
        let large = Figures {
            seconds: 0.1,
            memory_mib: Some(65.0),
        };
        assert_eq!(bounded.is_met(large, &[]), Some(false));
        assert_eq!(bounded.is_met(figures(0.1), &[]), Some(true));
    }

    #[test]
    fn large_numbers_have_a_comma() {
        assert_eq!(rounded(10_970.4), "10,970");
        assert_eq!(rounded(432.1), "432");
        assert_eq!(rounded(17.46), "17.5");
    }
}
