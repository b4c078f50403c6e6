//! Finding PKCS#11 modules: the configured ones, then those known on this platform.
//! Loads none of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::known_modules::{Platform, known_module_name};
use crate::module_file::{ModuleFileError, check_module_file};

/// Entries read from one directory while looking for module files. `System32` has some 5,000.
const DIRECTORY_ENTRIES: usize = 50_000;

/// Parts of file names that mark a module nobody told us of (Windows only: elsewhere such names
/// belong to proxies and tracers as well).
const TELLING_PARTS: [&str; 2] = ["csp11", "pkcs11"];

/// Bkav also installs its modules here, below the directories of programs.
const BKAV_DIRECTORY: &str = "Bkav Corporation/BkavCA Token Manager";

/// Why a file is thought to be a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ModuleOrigin {
    /// The user named it.
    Configured,
    /// Its name is in the table of known modules.
    Known,
    /// Its name contains `csp11` or `pkcs11` (Windows).
    TellingName,
}

/// A file that is, or should be, a PKCS#11 module.
#[derive(Debug)]
#[non_exhaustive]
pub struct ModuleLocation {
    /// The file.
    pub path: PathBuf,
    /// The certification authority or chip maker known by this file name.
    pub name: Option<&'static str>,
    /// Why it is listed.
    pub origin: ModuleOrigin,
    /// Whether this program can load it; otherwise why not, to be shown to the user.
    pub check: Result<(), ModuleFileError>,
}

/// The configured modules, in their order, then the known ones that are installed.
///
/// Configured files are listed even if they are missing; a file reached by several paths is
/// listed once. Modules that cannot be loaded (a 32-bit one, say) are listed with the reason. No
/// module is loaded: loading a wrong one may hang or crash, so probe unknown ones in a child
/// process.
#[must_use]
pub fn find_modules(configured: &[PathBuf]) -> Vec<ModuleLocation> {
    let platform = Platform::running();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for path in configured {
        add(
            &mut found,
            &mut seen,
            path.clone(),
            ModuleOrigin::Configured,
        );
    }
    let directories = directories(platform);
    for family in platform.families() {
        for file in family.files {
            for directory in &directories {
                let path = directory.join(file);
                if path.is_file() {
                    add(&mut found, &mut seen, path, ModuleOrigin::Known);
                }
            }
        }
    }
    if platform == Platform::Windows {
        for directory in &directories {
            for path in telling_names(directory) {
                add(&mut found, &mut seen, path, ModuleOrigin::TellingName);
            }
        }
    }
    found
}

fn add(
    found: &mut Vec<ModuleLocation>,
    seen: &mut BTreeSet<PathBuf>,
    path: PathBuf,
    origin: ModuleOrigin,
) {
    let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
    if seen.insert(identity) {
        let file_name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        found.push(ModuleLocation {
            name: file_name.as_deref().and_then(known_module_name),
            check: check_module_file(&path),
            path,
            origin,
        });
    }
}

/// The platform's directories with their wildcard and Windows' own directory filled in.
fn directories(platform: Platform) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    for pattern in platform.directories() {
        if platform == Platform::Windows {
            let windows =
                std::env::var_os("SystemRoot").map_or("C:\\Windows".into(), PathBuf::from);
            directories.push(windows.join(pattern));
        } else if let Some((parent, below)) = pattern.split_once('*') {
            for entry in entries(Path::new(parent)) {
                // An architecture's directory has the form machine-system-abi.
                let name = entry.file_name().unwrap_or_default().to_string_lossy();
                if name.matches('-').count() == 2 {
                    directories.push(entry.join(below.trim_start_matches('/')));
                }
            }
        } else {
            directories.push(pattern.into());
        }
    }
    if platform == Platform::Windows {
        for variable in ["ProgramFiles", "ProgramFiles(x86)"] {
            directories.extend(
                std::env::var_os(variable).map(|root| Path::new(&root).join(BKAV_DIRECTORY)),
            );
        }
    }
    directories
}

fn telling_names(directory: &Path) -> Vec<PathBuf> {
    entries(directory)
        .into_iter()
        .filter(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .to_lowercase();
            name.ends_with(".dll") && TELLING_PARTS.iter().any(|part| name.contains(part))
        })
        .collect()
}

/// What a directory holds, by name; nothing if it cannot be read.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = directory
        .read_dir()
        .into_iter()
        .flatten()
        .take(DIRECTORY_ENTRIES)
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configured_modules_come_first_and_are_listed_once_even_if_missing() {
        let missing = PathBuf::from("no/such/module.so");
        let found = find_modules(&[missing.clone(), missing.clone()]);
        assert_eq!(found[0].path, missing);
        assert_eq!(found[0].origin, ModuleOrigin::Configured);
        assert!(matches!(found[0].check, Err(ModuleFileError::Missing)));
        assert!(
            found[1..]
                .iter()
                .all(|module| module.origin != ModuleOrigin::Configured)
        );
    }

    #[test]
    fn telling_names_are_libraries_only() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["New_CSP11_v3.dll", "xpkcs11.DLL", "pkcs11.txt", "other.dll"] {
            std::fs::write(directory.path().join(name), b"").unwrap();
        }
        let names: Vec<_> = telling_names(directory.path())
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["New_CSP11_v3.dll", "xpkcs11.DLL"]);
    }
}
