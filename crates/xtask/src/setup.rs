//! Brings what is missing onto the machine, or says which line does.
//! Knows neither what is needed nor how it is seen: that is the table's matter.

use crate::failure::Failure;
use crate::needs::{self, Need, Purpose};
use crate::system::{self, Obstacle, Route};
use crate::workspace::{self, Workspace};

/// Whether missing packages may be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Installing {
    /// Never: print the line to run.
    Never,
    /// Where the system and the user's rights allow it.
    WhereAllowed,
}

/// Makes sure that everything a run needs is there.
///
/// # Errors
/// [`Failure::Missing`] where something must be installed by hand, [`Failure::StillMissing`] where
/// installing did not help, and the failures of `apt-get`.
pub(crate) fn provide(
    workspace: &Workspace,
    purpose: Purpose,
    installing: Installing,
) -> Result<(), Failure> {
    let missing = needs::missing(purpose, needs::Probe::is_present);
    if missing.is_empty() {
        println!("xtask: everything needed on this machine is there.");
        return Ok(());
    }
    let packages = needs::packages(&missing);
    println!("xtask: not found on this machine:");
    for need in &missing {
        println!("xtask:   {} (Debian package {})", need.what, need.package);
    }
    let family = system::this_family();
    let route = match installing {
        Installing::Never => Route::ByHand(Obstacle::Asked),
        Installing::WhereAllowed => system::route(family, system::this_privilege()),
    };
    let program: &[&str] = match route {
        Route::Apt => &["apt-get"],
        // sudo clears the environment, so the variable is set behind it.
        Route::SudoApt => &[
            "sudo",
            "-n",
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
        ],
        Route::ByHand(obstacle) => {
            let advice = system::advice(obstacle, family, &packages);
            return Err(Failure::Missing { advice });
        }
    };
    println!("xtask: installing {} with apt-get.", packages.join(", "));
    // One broken source of many makes this fail, and the packages may still come from another.
    if let Err(failure) = apt(workspace, program, &["-q", "update"]) {
        println!("xtask: {failure}. Trying to install all the same.");
    }
    let mut install = vec!["-q", "install", "-y", "--no-install-recommends"];
    install.extend(&packages);
    apt(workspace, program, &install)?;
    confirm(&needs::missing(purpose, needs::Probe::is_present))
}

/// Another package manager at work holds a lock; two minutes outlast the usual daily run.
const LOCK_WAIT: &str = "DPkg::Lock::Timeout=120";

fn apt(workspace: &Workspace, program: &[&str], arguments: &[&str]) -> Result<(), Failure> {
    let words: Vec<&str> = program
        .iter()
        .chain(&["-o", LOCK_WAIT])
        .chain(arguments)
        .copied()
        .collect();
    workspace::plain(workspace, &words, &[("DEBIAN_FRONTEND", "noninteractive")])
}

fn confirm(still_missing: &[&'static Need]) -> Result<(), Failure> {
    if still_missing.is_empty() {
        println!("xtask: everything needed is there now.");
        return Ok(());
    }
    Err(Failure::StillMissing {
        what: still_missing.iter().map(|need| need.what).collect(),
    })
}
