//! Modules before loading: files that are missing, foreign or no modules.

use std::path::{Path, PathBuf};

use trien_token::{Machine, Module, ModuleFileError, TokenError, check_module_file, find_modules};
use trien_types::SigningKeyErrorKind;

use crate::isolation::softhsm;

fn refused(path: &Path) -> ModuleFileError {
    let error = Module::load(path).unwrap_err();
    assert_eq!(error.kind(), SigningKeyErrorKind::Unreachable);
    assert!(
        error.to_string().contains(&path.display().to_string()),
        "{error}"
    );
    let TokenError::ModuleFile { error, .. } = error else {
        panic!("{error}")
    };
    error
}

/// A copy of the installed module, bent by `bend`.
fn bent(directory: &Path, bend: impl FnOnce(&mut Vec<u8>)) -> Option<PathBuf> {
    let mut octets = std::fs::read(softhsm()?).unwrap();
    bend(&mut octets);
    let path = directory.join("module.so");
    std::fs::write(&path, octets).unwrap();
    Some(path)
}

#[test]
fn the_installed_module_is_found_by_its_name() {
    let Some(path) = softhsm() else {
        return eprintln!("SKIPPED the_installed_module_is_found_by_its_name: no SoftHSM");
    };
    let found = find_modules(&[]);
    let module = found.iter().find(|module| module.path == path).unwrap();
    assert_eq!(module.name, Some("SoftHSM"));
    assert!(module.check.is_ok());
    let file = path.canonicalize().unwrap();
    let same = found
        .iter()
        .filter(|module| module.path.canonicalize().unwrap() == file);
    assert_eq!(same.count(), 1, "links to one file are one module");
}

#[test]
fn a_missing_file_is_named() {
    assert!(matches!(
        refused(Path::new("no/such/module.so")),
        ModuleFileError::Missing
    ));
}

#[test]
fn a_directory_and_a_text_are_no_libraries() {
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(
        refused(directory.path()),
        ModuleFileError::NotALibrary
    ));
    let text = directory.path().join("module.so");
    std::fs::write(&text, "INPUT(-lsofthsm2)\n").unwrap();
    assert!(matches!(refused(&text), ModuleFileError::NotALibrary));
}

#[test]
fn a_module_for_another_machine_is_refused_with_both_machines_named() {
    let directory = tempfile::tempdir().unwrap();
    // ELF: the machine stands at offset 18; 243 is RISC-V, 183 is 64-bit ARM.
    let foreign = if Machine::running() == Machine::Arm64 {
        243
    } else {
        183
    };
    let Some(path) = bent(directory.path(), |octets| octets[18] = foreign) else {
        return eprintln!("SKIPPED a_module_for_another_machine...: no SoftHSM");
    };
    let error = refused(&path);
    let ModuleFileError::WrongMachine { found, needed } = &error else {
        panic!("{error}")
    };
    assert_eq!(*needed, Machine::running());
    assert_eq!(found.len(), 1);
    assert_ne!(found[0], *needed);
    assert!(error.to_string().contains(&needed.to_string()));
}

/// The header of an ELF file for 32-bit x86, with nothing behind it.
#[test]
fn a_32_bit_module_is_named_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let mut header = b"\x7fELF\x01\x01\x01".to_vec();
    header.resize(16, 0);
    header.extend([3, 0, 3, 0, 1, 0, 0, 0]);
    header.resize(40, 0);
    header.extend([52, 0, 32, 0, 0, 0, 40, 0, 0, 0, 0, 0]);
    let path = directory.path().join("module.so");
    std::fs::write(&path, header).unwrap();
    let error = refused(&path);
    assert!(
        error
            .to_string()
            .starts_with("the module is for 32-bit x86"),
        "{error}"
    );
}

#[test]
fn a_library_without_the_entry_point_is_no_module() {
    let directory = tempfile::tempdir().unwrap();
    let path = bent(directory.path(), |octets| {
        let name = b"\0C_GetFunctionList\0";
        while let Some(at) = octets.windows(name.len()).position(|window| window == name) {
            octets[at + 1] = b'X';
        }
    });
    let Some(path) = path else {
        return eprintln!("SKIPPED a_library_without_the_entry_point...: no SoftHSM");
    };
    assert!(matches!(refused(&path), ModuleFileError::NoEntryPoint));
}

/// Every place at which a download may have stopped, and single octets overwritten.
#[test]
fn a_damaged_module_file_is_refused_or_accepted_but_never_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    let Some(path) = bent(directory.path(), |_| {}) else {
        return eprintln!("SKIPPED a_damaged_module_file...: no SoftHSM");
    };
    let whole = std::fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(whole.len() / 40).chain(0..128) {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(check_module_file(&path).is_err(), "{length} octets");
    }
    for at in 0..64 {
        let mut octets = whole.clone();
        octets[at] ^= 0xff;
        std::fs::write(&path, octets).unwrap();
        let _ = check_module_file(&path);
    }
}
