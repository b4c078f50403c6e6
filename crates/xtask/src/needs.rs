//! What the demo and the tests need from the machine, and how its presence is seen.
//! Installs nothing and knows no package manager, only the Debian names.

use std::path::Path;

use crate::system::succeeds;

/// What is to be run. The tests need all that the demo needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `cargo xtask demo`
    Demo,
    /// `cargo xtask test`
    Test,
}

/// One thing the machine must have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    /// What it is, in the words of a message.
    pub(crate) what: &'static str,
    /// The Debian package that brings it.
    pub(crate) package: &'static str,
    /// The smaller of the two runs that wants it.
    wanted_by: Purpose,
    /// How to see that it is there.
    pub(crate) probe: Probe,
}

/// How the presence of a need is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Probe {
    /// One of these files or folders exists.
    AnyFile(&'static [&'static str]),
    /// `pkg-config` finds the library, or the named variable says where it is.
    Library {
        name: &'static str,
        variable: &'static str,
    },
    /// One of these programs is on PATH.
    AnyProgram(&'static [&'static str]),
    /// The program is on PATH.
    Program(&'static str),
    /// A Python 3 can make virtual environments (Debian ships `ensurepip` apart).
    PythonVenv,
}

/// Everything the demo and the tests need, in the order in which it is reported.
const NEEDS: &[Need] = &[
    Need {
        what: "a C compiler and linker",
        package: "gcc",
        wanted_by: Purpose::Demo,
        probe: Probe::Program("cc"),
    },
    Need {
        what: "the C library's headers",
        package: "libc6-dev",
        wanted_by: Purpose::Demo,
        probe: Probe::AnyFile(&[
            "/usr/include/stdio.h",
            "/Library/Developer/CommandLineTools",
        ]),
    },
    Need {
        what: "pkg-config",
        package: "pkg-config",
        wanted_by: Purpose::Demo,
        probe: Probe::Program("pkg-config"),
    },
    Need {
        what: "OpenSSL's headers and library",
        package: "libssl-dev",
        wanted_by: Purpose::Demo,
        probe: Probe::Library {
            name: "openssl",
            variable: "OPENSSL_DIR",
        },
    },
    Need {
        what: "softhsm2-util, which makes software tokens",
        package: "softhsm2",
        wanted_by: Purpose::Demo,
        probe: Probe::Program("softhsm2-util"),
    },
    Need {
        what: "SoftHSM's PKCS#11 module",
        package: "softhsm2",
        wanted_by: Purpose::Demo,
        // Where `trien_testkit::tokens` looks for it.
        probe: Probe::AnyFile(&[
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/usr/lib64/softhsm/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
            "/usr/lib/pkcs11/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so",
        ]),
    },
    Need {
        what: "a font with Vietnamese letters (DejaVu)",
        package: "fonts-dejavu-core",
        wanted_by: Purpose::Demo,
        probe: Probe::AnyFile(&[
            "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
            "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
            "/usr/share/fonts/TTF/DejaVuSans.ttf",
        ]),
    },
    Need {
        what: "a font as wide as Times New Roman with Vietnamese letters (Liberation Serif 2)",
        package: "fonts-liberation2",
        wanted_by: Purpose::Demo,
        // Where `trien::mark::SerifFont` looks; version 1 of `fonts-liberation` lacks letters, and
        // where version 2 goes by that name, `fonts-liberation2` brings it.
        probe: Probe::AnyFile(&[
            "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
            "/usr/share/fonts/liberation-serif/LiberationSerif-Regular.ttf",
            "/usr/share/fonts/liberation-serif-fonts/LiberationSerif-Regular.ttf",
            "/usr/share/fonts/TTF/LiberationSerif-Regular.ttf",
            "/usr/share/fonts/truetype/msttcorefonts/Times_New_Roman.ttf",
            "/System/Library/Fonts/Supplemental/Times New Roman.ttf",
        ]),
    },
    Need {
        what: "the openssl program",
        package: "openssl",
        wanted_by: Purpose::Test,
        probe: Probe::Program("openssl"),
    },
    Need {
        what: "pdfsig (poppler)",
        package: "poppler-utils",
        wanted_by: Purpose::Test,
        probe: Probe::Program("pdfsig"),
    },
    Need {
        what: "qpdf",
        package: "qpdf",
        wanted_by: Purpose::Test,
        probe: Probe::Program("qpdf"),
    },
    Need {
        what: "mutool (MuPDF)",
        package: "mupdf-tools",
        wanted_by: Purpose::Test,
        probe: Probe::Program("mutool"),
    },
    Need {
        what: "Python 3 with virtual environments",
        package: "python3-venv",
        wanted_by: Purpose::Test,
        probe: Probe::PythonVenv,
    },
    Need {
        what: "npm, which builds the daemon's pages",
        package: "npm",
        wanted_by: Purpose::Test,
        probe: Probe::Program("npm"),
    },
    Need {
        what: "Chromium, in which the daemon's pages are tested",
        package: "chromium",
        wanted_by: Purpose::Test,
        probe: Probe::AnyProgram(&["chromium", "chromium-browser", "google-chrome"]),
    },
];

/// The needs of a run that `is_present` does not see.
pub(crate) fn missing(purpose: Purpose, is_present: impl Fn(&Probe) -> bool) -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| purpose == Purpose::Test || need.wanted_by == Purpose::Demo)
        .filter(|need| !is_present(&need.probe))
        .collect()
}

/// The packages that bring these needs, each once, in the order of the table.
pub(crate) fn packages(needs: &[&'static Need]) -> Vec<&'static str> {
    let mut packages = Vec::new();
    for need in needs {
        if !packages.contains(&need.package) {
            packages.push(need.package);
        }
    }
    packages
}

impl Probe {
    /// Whether this machine has it, as seen now.
    pub(crate) fn is_present(&self) -> bool {
        match self {
            Self::AnyFile(paths) => paths.iter().any(|path| Path::new(path).exists()),
            Self::Library { name, variable } => {
                std::env::var_os(variable).is_some() || succeeds("pkg-config", &["--exists", name])
            }
            Self::AnyProgram(names) => names.iter().any(|name| on_path(name)),
            Self::Program(name) => on_path(name),
            Self::PythonVenv => python_with_venv().is_some(),
        }
    }
}

/// The Python that can make a virtual environment: the one on PATH, else the system's, since a
/// Python put before it on PATH may have been built without `ensurepip`.
pub(crate) fn python_with_venv() -> Option<&'static str> {
    ["python3", "/usr/bin/python3"]
        .into_iter()
        .find(|python| succeeds(python, &["-c", "import venv, ensurepip"]))
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_machine_gets_each_package_once() {
        let all = packages(&missing(Purpose::Test, |_| false));
        assert_eq!(
            all,
            [
                "gcc",
                "libc6-dev",
                "pkg-config",
                "libssl-dev",
                "softhsm2",
                "fonts-dejavu-core",
                "fonts-liberation2",
                "openssl",
                "poppler-utils",
                "qpdf",
                "mupdf-tools",
                "python3-venv",
                "npm",
                "chromium"
            ]
        );
    }

    #[test]
    fn the_demo_asks_for_no_judge() {
        let demo = packages(&missing(Purpose::Demo, |_| false));
        for judge in [
            "poppler-utils",
            "qpdf",
            "mupdf-tools",
            "python3-venv",
            "npm",
            "chromium",
        ] {
            assert!(!demo.contains(&judge), "{judge}");
        }
        assert!(demo.contains(&"softhsm2"));
    }

    #[test]
    fn a_machine_that_has_everything_needs_no_package() {
        assert!(missing(Purpose::Test, |_| true).is_empty());
    }

    #[test]
    fn one_missing_program_brings_its_own_package_only() {
        let found = missing(Purpose::Test, |probe| *probe != Probe::Program("mutool"));
        assert_eq!(packages(&found), ["mupdf-tools"]);
        // Two needs of one package are one package.
        let found = missing(Purpose::Demo, |probe| {
            !format!("{probe:?}").contains("softhsm")
        });
        assert_eq!(found.len(), 2);
        assert_eq!(packages(&found), ["softhsm2"]);
    }
}
