//! What a module's file is, read from the file before it is loaded: a library, for which machine,
//! with the entry point of PKCS#11 or without.
//! Loads and runs nothing.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use object::read::macho::{FatArch, MachOFatFile32, MachOFatFile64};
use object::read::{NameOrOrdinal, ReadRef};
use object::{Architecture, FileKind, Object, ReadCache};

/// Machine a module was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Machine {
    /// 32-bit ARM.
    Arm,
    /// 64-bit ARM.
    Arm64,
    /// 64-bit RISC-V.
    RiscV64,
    /// 32-bit x86.
    X86,
    /// 64-bit x86.
    X86_64,
    /// Any other.
    Other,
}

impl Machine {
    /// The machine this program was built for, which is the one a module must be built for.
    #[must_use]
    pub const fn running() -> Self {
        if cfg!(target_arch = "x86_64") {
            Self::X86_64
        } else if cfg!(target_arch = "aarch64") {
            Self::Arm64
        } else if cfg!(target_arch = "x86") {
            Self::X86
        } else if cfg!(target_arch = "arm") {
            Self::Arm
        } else if cfg!(target_arch = "riscv64") {
            Self::RiscV64
        } else {
            Self::Other
        }
    }

    fn from_architecture(architecture: Architecture) -> Self {
        [
            (Architecture::Aarch64, Self::Arm64),
            (Architecture::Arm, Self::Arm),
            (Architecture::I386, Self::X86),
            (Architecture::Riscv64, Self::RiscV64),
            (Architecture::X86_64, Self::X86_64),
        ]
        .into_iter()
        .find_map(|(known, machine)| (known == architecture).then_some(machine))
        .unwrap_or(Self::Other)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Arm => "32-bit ARM",
            Self::Arm64 => "64-bit ARM",
            Self::RiscV64 => "64-bit RISC-V",
            Self::X86 => "32-bit x86",
            Self::X86_64 => "64-bit x86",
            Self::Other => "another machine",
        })
    }
}

/// Why a file is no module that this program can load.
#[derive(Debug)]
#[non_exhaustive]
pub enum ModuleFileError {
    /// There is no such file.
    Missing,
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The file is no shared library.
    NotALibrary,
    /// The library is for another machine, such as a 32-bit module for a 64-bit program.
    WrongMachine {
        /// What the library was built for; several in a macOS universal file.
        found: Vec<Machine>,
        /// What this program was built for.
        needed: Machine,
    },
    /// The library does not export `C_GetFunctionList` (PKCS#11 3.1, 5.4.4).
    NoEntryPoint,
}

impl fmt::Display for ModuleFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str(
                "there is no such file: install the token's software or correct the path",
            ),
            Self::Unreadable(_) => formatter.write_str("the file cannot be read"),
            Self::NotALibrary => formatter
                .write_str("the file is no shared library: name the token's PKCS#11 module"),
            Self::WrongMachine { found, needed } => {
                formatter.write_str("the module is for ")?;
                for (position, machine) in found.iter().enumerate() {
                    let separator = if position == 0 { "" } else { ", " };
                    write!(formatter, "{separator}{machine}")?;
                }
                write!(
                    formatter,
                    " but this program is {needed}: install the token's {needed} software"
                )
            }
            Self::NoEntryPoint => formatter.write_str(
                "the library does not export C_GetFunctionList: it is no PKCS#11 module",
            ),
        }
    }
}

impl std::error::Error for ModuleFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Unreadable(error) = self {
            Some(error)
        } else {
            None
        }
    }
}

/// Checks that the file is a library for this program's machine that exports the entry point of
/// PKCS#11. Reads only the headers and tables it needs.
///
/// # Errors
/// The file is missing, unreadable, no library, for another machine or no PKCS#11 module.
pub fn check_module_file(path: &Path) -> Result<(), ModuleFileError> {
    let metadata = path.metadata().map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            ModuleFileError::Missing
        } else {
            ModuleFileError::Unreadable(error)
        }
    })?;
    if !metadata.is_file() {
        return Err(ModuleFileError::NotALibrary);
    }
    let file = File::open(path).map_err(ModuleFileError::Unreadable)?;
    let cache = ReadCache::new(file);
    check_library(&cache, Machine::running())
}

fn check_library<R: object::ReadCacheOps>(
    cache: &ReadCache<R>,
    needed: Machine,
) -> Result<(), ModuleFileError> {
    let kind = FileKind::parse(cache).map_err(|_| ModuleFileError::NotALibrary)?;
    let parts = if kind == FileKind::MachOFat32 {
        MachOFatFile32::parse(cache).map(|fat| parts(fat.arches()))
    } else if kind == FileKind::MachOFat64 {
        MachOFatFile64::parse(cache).map(|fat| parts(fat.arches()))
    } else {
        return check_single(cache, needed);
    };
    let parts = parts.map_err(|_| ModuleFileError::NotALibrary)?;
    match parts.iter().find(|part| part.machine == needed) {
        Some(part) => check_single(cache.range(part.offset, part.octets), needed),
        None => Err(ModuleFileError::WrongMachine {
            found: parts.into_iter().map(|part| part.machine).collect(),
            needed,
        }),
    }
}

/// The library for one machine inside a macOS universal file.
struct Part {
    machine: Machine,
    offset: u64,
    octets: u64,
}

fn parts<A: FatArch>(arches: &[A]) -> Vec<Part> {
    arches
        .iter()
        .map(|arch| Part {
            machine: Machine::from_architecture(arch.architecture()),
            offset: arch.offset().into(),
            octets: arch.size().into(),
        })
        .collect()
}

fn check_single<'data, R: ReadRef<'data>>(data: R, needed: Machine) -> Result<(), ModuleFileError> {
    let library = object::File::parse(data).map_err(|_| ModuleFileError::NotALibrary)?;
    let found = Machine::from_architecture(library.architecture());
    if found != needed {
        return Err(ModuleFileError::WrongMachine {
            found: vec![found],
            needed,
        });
    }
    let exports = library
        .exports()
        .map_err(|_| ModuleFileError::NotALibrary)?;
    for export in exports {
        let export = export.map_err(|_| ModuleFileError::NotALibrary)?;
        // Mach-O puts an underscore before names from C.
        if let NameOrOrdinal::Name(b"C_GetFunctionList" | b"_C_GetFunctionList") = export.name() {
            return Ok(());
        }
    }
    Err(ModuleFileError::NoEntryPoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(octets: &[u8]) -> Result<(), ModuleFileError> {
        check_library(
            &ReadCache::new(io::Cursor::new(octets.to_vec())),
            Machine::X86_64,
        )
    }

    #[test]
    fn octets_that_are_no_library_are_refused() {
        for octets in [
            &b""[..],
            b"\x7fELF",
            b"MZ",
            b"#!/bin/sh\nexit 0\n",
            &[0xca, 0xfe, 0xba, 0xbe],
        ] {
            assert!(
                matches!(check(octets), Err(ModuleFileError::NotALibrary)),
                "{octets:?}"
            );
        }
    }

    /// The header of a universal file with one 64-bit ARM part.
    #[test]
    fn a_universal_file_without_our_machine_names_what_it_has() {
        let mut octets = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1];
        octets.extend([
            0x01, 0, 0, 0x0c, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x10, 0, 0, 0, 0, 14,
        ]);
        let error = check(&octets).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the module is for 64-bit ARM but this program is 64-bit x86: \
             install the token's 64-bit x86 software"
        );
    }
}
