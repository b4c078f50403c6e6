//! Whether packages may be installed from here, and by which command.
//! Decides and says; runs programs only to ask them something.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// How missing packages can come onto this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// `apt-get` as root.
    Apt,
    /// `apt-get` through a sudo that asks no password.
    SudoApt,
    /// The user must install them.
    ByHand(Obstacle),
}

/// Why nothing can be installed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The user said `--no-install`.
    Asked,
    /// Not root, and sudo would ask for a password or is not there.
    NoRight,
    /// Neither Debian nor one of its descendants.
    NotDebian,
}

/// Which family of systems this is, as far as package names go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Debian, Ubuntu and what calls itself like them.
    Debian,
    /// Anything else.
    Other,
}

/// What the current user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privilege {
    /// The user is root.
    Root,
    /// The user has a sudo that asks no password.
    Sudo,
    /// Neither.
    User,
}

/// Reads the family from the text of os-release: `ID` and the words of `ID_LIKE`.
pub(crate) fn family(os_release: &str) -> Family {
    let is_debian = os_release
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches(['"', '\'']).split_whitespace())
        .any(|word| matches!(word, "debian" | "ubuntu"));
    if is_debian {
        Family::Debian
    } else {
        Family::Other
    }
}

/// Chooses the route from what was found out.
pub(crate) fn route(family: Family, privilege: Privilege) -> Route {
    match (family, privilege) {
        (Family::Other, _) => Route::ByHand(Obstacle::NotDebian),
        (Family::Debian, Privilege::Root) => Route::Apt,
        (Family::Debian, Privilege::Sudo) => Route::SudoApt,
        (Family::Debian, Privilege::User) => Route::ByHand(Obstacle::NoRight),
    }
}

/// The family of this machine; a machine without os-release is of no known family.
pub(crate) fn this_family() -> Family {
    ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())
        .map_or(Family::Other, |text| family(&text))
}

/// The privilege of the current user.
pub(crate) fn this_privilege() -> Privilege {
    let is_root = Command::new("id")
        .arg("-u")
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if is_root {
        return Privilege::Root;
    }
    if succeeds("sudo", &["-n", "true"]) {
        Privilege::Sudo
    } else {
        Privilege::User
    }
}

/// Whether a program is there and says yes; what it prints does not matter.
pub(crate) fn succeeds(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What to tell a user who must install the packages: why, and the one line to run.
pub(crate) fn advice(obstacle: Obstacle, family: Family, packages: &[&str]) -> String {
    let list = packages.join(" ");
    let why = match obstacle {
        Obstacle::Asked => "nothing is installed, as asked",
        Obstacle::NoRight => "installing needs root, and sudo asks for a password here",
        Obstacle::NotDebian => "this is not a Debian or Ubuntu system",
    };
    match family {
        Family::Debian => format!(
            "{why}; run this line, then try again:\n\n    sudo apt-get update && sudo apt-get \
             install -y --no-install-recommends {list}\n"
        ),
        Family::Other => format!(
            "{why}; install what brings the things above (the Debian packages are: {list}), \
             then try again"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_ubuntu_and_their_descendants_are_one_family() {
        assert_eq!(
            family("NAME=\"Debian GNU/Linux\"\nID=debian\n"),
            Family::Debian
        );
        assert_eq!(family("ID=ubuntu\nID_LIKE=debian\n"), Family::Debian);
        assert_eq!(
            family("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Family::Debian
        );
        assert_eq!(family("ID='raspbian'\nID_LIKE='debian'\n"), Family::Debian);
    }

    #[test]
    fn others_and_look_alikes_are_not() {
        assert_eq!(
            family("ID=fedora\nID_LIKE=\"rhel centos\"\n"),
            Family::Other
        );
        assert_eq!(family(""), Family::Other);
        assert_eq!(family("VERSION_ID=debian\nNAME=debian\n"), Family::Other);
        assert_eq!(family("ID=notdebian\n"), Family::Other);
    }

    #[test]
    fn only_debian_with_a_right_to_install_installs() {
        assert_eq!(route(Family::Debian, Privilege::Root), Route::Apt);
        assert_eq!(route(Family::Debian, Privilege::Sudo), Route::SudoApt);
        assert_eq!(
            route(Family::Debian, Privilege::User),
            Route::ByHand(Obstacle::NoRight)
        );
        for privilege in [Privilege::Root, Privilege::Sudo, Privilege::User] {
            assert_eq!(
                route(Family::Other, privilege),
                Route::ByHand(Obstacle::NotDebian)
            );
        }
    }

    #[test]
    fn advice_on_debian_holds_one_line_to_run() {
        let text = advice(Obstacle::NoRight, Family::Debian, &["softhsm2", "qpdf"]);
        let lines = text.lines().filter(|line| line.contains("apt-get")).count();
        assert_eq!(lines, 1);
        assert!(text.contains("install -y --no-install-recommends softhsm2 qpdf"));
    }

    #[test]
    fn advice_elsewhere_names_no_apt() {
        let text = advice(Obstacle::NotDebian, Family::Other, &["softhsm2"]);
        assert!(text.contains("softhsm2"));
        assert!(!text.contains("apt-get"));
    }
}
