//! Verifying the files of a row, one after the other, again and again.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{DocumentConclusion, Limits, SuppliedEvidence, Verification};

use crate::{JUDGED_AT, tell};

pub(crate) fn run(
    folder: &Path,
    row: &str,
    count: usize,
    threads: usize,
) -> Result<(), Box<dyn Error>> {
    let AnchorFolder { anchors, .. } =
        TrustAnchors::read_dir(&folder.join("anchors"), &FolderLimits::default())?;
    let mut verification = Verification::new(&anchors, JUDGED_AT);
    verification.supplied =
        SuppliedEvidence::read_dir(&folder.join("evidence"), &Limits::default())?;
    let named = folder.join(row);
    let mut paths = if named.is_file() {
        vec![named]
    } else {
        fs::read_dir(named)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?
    };
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<Result<_, _>>()?;
    let start = Instant::now();
    let times: Vec<Duration> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| repeat(&files, &verification, count)))
            .collect();
        let times = workers.into_iter().map(|worker| worker.join().unwrap());
        times.flatten().collect()
    });
    let what = match threads {
        1 => format!("verify {row}"),
        threads => format!("verify {row}, {threads} threads"),
    };
    tell(&what, times, start.elapsed());
    Ok(())
}

fn repeat(files: &[Vec<u8>], verification: &Verification<'_>, count: usize) -> Vec<Duration> {
    let mut times = Vec::with_capacity(count);
    for file in files.iter().cycle().take(count) {
        let start = Instant::now();
        let report = trien::verify(file, verification);
        times.push(start.elapsed());
        assert_eq!(report.conclusion, DocumentConclusion::Valid, "{report:?}");
    }
    times
}
