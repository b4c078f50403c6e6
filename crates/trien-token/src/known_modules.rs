//! The PKCS#11 modules met in Vietnam, by platform, with the certification authority that hands
//! them out (survey of vendors' documents and working code, November 2026).
//! Knows nothing of what is installed. A module's name says nothing certain about the chip in the
//! token or the issuer of the certificates on it.

/// Where modules live and how their files are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// The platform this program was built for; whatever is neither Windows nor macOS is taken
    /// for Linux.
    pub(crate) const fn running() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Linux
        }
    }

    /// The families of modules on this platform, those of certification authorities first.
    pub(crate) const fn families(self) -> &'static [Family] {
        match self {
            Self::Linux => LINUX,
            Self::MacOs => MACOS,
            Self::Windows => WINDOWS,
        }
    }

    /// Directories that modules are installed in. Those of Windows are relative to the directory
    /// of Windows; `*` stands for the directories of one architecture, such as
    /// `x86_64-linux-gnu`.
    pub(crate) const fn directories(self) -> &'static [&'static str] {
        match self {
            Self::Linux => &[
                "/usr/lib",
                "/usr/lib/*",
                "/usr/lib/*/pkcs11",
                "/usr/lib/*/softhsm",
                "/usr/lib/pkcs11",
                "/usr/lib/softhsm",
                "/usr/lib64",
                "/usr/lib64/pkcs11",
                "/usr/lib64/softhsm",
                "/usr/local/lib",
                "/usr/local/lib/pkcs11",
                "/usr/local/lib/softhsm",
            ],
            Self::MacOs => &[
                "/usr/local/lib",
                "/usr/local/lib/softhsm",
                "/Library/OpenSC/lib",
                "/opt/homebrew/lib",
                "/opt/homebrew/lib/softhsm",
            ],
            Self::Windows => &["System32", "SysWOW64"],
        }
    }
}

/// The modules of one certification authority or chip maker, newest first.
#[derive(Debug)]
pub(crate) struct Family {
    /// The authority or maker.
    pub(crate) name: &'static str,
    /// File names without directory.
    pub(crate) files: &'static [&'static str],
}

/// The family that a module's file name belongs to on any platform, such as `Viettel-CA`.
///
/// Compares without regard to case, as Windows does. The name is a hint for people: a token may
/// hold certificates of another authority than the one that made its module.
#[must_use]
pub fn known_module_name(file_name: &str) -> Option<&'static str> {
    [Platform::Windows, Platform::MacOs, Platform::Linux]
        .into_iter()
        .flat_map(Platform::families)
        .find(|family| {
            family
                .files
                .iter()
                .any(|known| known.eq_ignore_ascii_case(file_name))
        })
        .map(|family| family.name)
}

/// Modules of Windows. Names ending in `_s` are mostly shells of a cryptographic service provider
/// without the entry point of PKCS#11; the one listed is not.
const WINDOWS: &[Family] = &[
    Family {
        name: "Viettel-CA",
        files: &[
            "viettel-ca_v6.dll",
            "viettel-ca_v5.dll",
            "viettel-ca_v4.dll",
            "viettel-ca_v3.dll",
            "viettel-ca_v2.dll",
            "viettel-ca_v1.dll",
            "viettel-ca.dll",
        ],
    },
    Family {
        name: "VNPT-CA",
        files: &[
            "vnptca_p11_v10.dll",
            "vnptca_p11_v9.dll",
            "vnptca_p11_v8.dll",
            "vnptca_p11_v7.dll",
            "vnptca_p11_v6.dll",
            "vnpt-ca_csp11.dll",
            "vnpt-ca_v34.dll",
            "vnpt-ca_v4.dll",
            "vnpt-ca_cl_v1.dll",
            "vnptcamobile.dll",
        ],
    },
    Family {
        name: "FPT-CA",
        files: &[
            "fptca_v6.dll",
            "fptca_v5.dll",
            "fptca_v4.dll",
            "fptca_v3.dll",
            "fpt-ca_v5.dll",
            "fpt-ca_v4.dll",
            "fpt-ca-stx.dll",
            "fpt-ca.dll",
        ],
    },
    Family {
        name: "BkavCA",
        files: &[
            "BkavCA.dll",
            "BkavCAv2S.dll",
            "BkavCAv25.dll",
            "BkavCAv2T.dll",
            "bkavcaetoken.dll",
            "bkavcaetoken_p11.dll",
            "bkavcsp.dll",
            "st3csp11.dll",
            "beidpkcs11D.dll",
            "wdsafe3.dll",
        ],
    },
    Family {
        name: "CA2",
        files: &[
            "CA2_csp11.dll",
            "CA2_v34.dll",
            "CA2CSP11_v2.dll",
            "ca2_ace_csp11.dll",
            "nca_v9.dll",
            "nca_v8.dll",
            "nca_v7.dll",
            "nca_v6.dll",
            "nca_v5.dll",
            "nca_v4.dll",
            "nca_eps3a.dll",
            "nca_eps2k2a.dll",
        ],
    },
    Family {
        name: "NC-CA",
        files: &["ncca_csp11_v1.dll"],
    },
    Family {
        name: "VGCA",
        files: &["eTPKCS11.dll", "bit4xpki.dll", "gclib.dll"],
    },
    Family {
        name: "SmartSign",
        files: &[
            "Vina-CAv10.dll",
            "Vina-CAv9.dll",
            "Vina-CAv8.dll",
            "Vina-CAv7.dll",
            "Vina-CAv6.dll",
            "Vina-CAv5.dll",
            "Vina-CAv4.dll",
            "Vina-CAv3.dll",
            "Vina-CAv2.dll",
            "vina-ca_v5.dll",
            "vina-ca_v3.dll",
            "vina-ca_v1.dll",
            "Vina-CA_s.dll",
            "Vina-CA.dll",
        ],
    },
    Family {
        name: "NEWTEL-CA",
        files: &["newca_v4.dll", "NEWTEL-CA.dll"],
    },
    Family {
        name: "EFY-CA",
        files: &["efy-ca_v1.dll"],
    },
    Family {
        name: "SAFE-CA",
        files: &["Safe-ca_v2.dll", "Safe-ca_v1.dll", "safe-ca.dll"],
    },
    Family {
        name: "FastCA",
        files: &["fca_v1.dll"],
    },
    Family {
        name: "MISA-CA",
        files: &["misaca_csp11_v2.dll"],
    },
    Family {
        name: "I-CA",
        files: &["ica_csp11_v1.dll"],
    },
    Family {
        name: "E-CA",
        files: &["eca_csp11_v1.dll", "eca_csp11.dll"],
    },
    Family {
        name: "CKCA",
        files: &["CKCA.dll"],
    },
    Family {
        name: "Thales IDPrime",
        files: &["IDPrimePKCS1164.dll"],
    },
    Family {
        name: "Feitian ePass",
        files: &[
            "eps2003csp11v2.dll",
            "eps2003csp11.dll",
            "ShuttleCsp11_3003.dll",
            "ngp11v211.dll",
        ],
    },
    Family {
        name: "Watchdata",
        files: &["WDPKCS.dll"],
    },
    Family {
        name: "SafeSign",
        files: &["aetpkss1.dll"],
    },
    Family {
        name: "ACOS",
        files: &["acospkcs11.dll"],
    },
    Family {
        name: "OST",
        files: &[
            "ostc1.dll",
            "ostt3_csp11.dll",
            "ostt2_csp11.dll",
            "ostt1_csp11.dll",
        ],
    },
];

/// Modules of macOS.
const MACOS: &[Family] = &[
    Family {
        name: "Viettel-CA",
        files: &[
            "viettel-ca_v6.dylib",
            "viettel-ca_v5.dylib",
            "viettel-ca_v4.dylib",
        ],
    },
    Family {
        name: "VNPT-CA",
        files: &[
            "libvnptca_p11_v10.dylib",
            "libvnptca_p11_v9.dylib",
            "libvnptca_p11_v8.dylib",
            "libvnptca_p11_v7.dylib",
            "libvnptca_p11_v6.dylib",
            "libvnpt-ca_csp11.dylib",
            "libvnpt-ca_v34.dylib",
            "libvnpt-ca_v4.dylib",
            "libvnpt-ca_cl_v1.dylib",
            "libvnptcamobile.dylib",
        ],
    },
    Family {
        name: "FPT-CA",
        files: &["fptca_v4.dylib", "fptca_v3.dylib"],
    },
    Family {
        name: "VGCA",
        files: &["libeTPkcs11.dylib"],
    },
    Family {
        name: "Feitian ePass",
        files: &["libcastle.dylib", "libShuttleCsp11_3003.dylib"],
    },
    Family {
        name: "Watchdata",
        files: &["libwdpkcs.dylib"],
    },
    Family {
        name: "OpenSC",
        files: &["opensc-pkcs11.so"],
    },
    Family {
        name: "SoftHSM",
        files: &["libsofthsm2.so"],
    },
];

/// Modules of Linux.
const LINUX: &[Family] = &[
    Family {
        name: "FPT-CA",
        files: &["fptca_v4.so"],
    },
    Family {
        name: "VGCA",
        files: &["libeToken.so", "libeTPkcs11.so"],
    },
    Family {
        name: "Feitian ePass",
        files: &["libcastle.so"],
    },
    Family {
        name: "Watchdata",
        files: &["libwdpkcs.so"],
    },
    Family {
        name: "OpenSC",
        files: &["opensc-pkcs11.so"],
    },
    Family {
        name: "SoftHSM",
        files: &["libsofthsm2.so"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_known_by_its_file_name_in_any_case() {
        assert_eq!(known_module_name("VIETTEL-CA_V6.DLL"), Some("Viettel-CA"));
        assert_eq!(known_module_name("libvnptca_p11_v8.dylib"), Some("VNPT-CA"));
        assert_eq!(known_module_name("libsofthsm2.so"), Some("SoftHSM"));
        assert_eq!(known_module_name("vnptca_p11_v6_s.dll"), None);
    }

    /// Names that sources contradict: loading a stranger's library is worse than not finding one.
    #[test]
    fn contradicted_names_are_not_listed() {
        for name in [
            "cryptoki.dll",
            "libpkcs11.so",
            "viettel-ca_pkcs11.dll",
            "VinaCA_p11.dll",
            "vnpt_ca_pkcs11.dll",
        ] {
            assert_eq!(known_module_name(name), None, "{name}");
        }
    }

    #[test]
    fn no_name_is_listed_twice_on_a_platform() {
        for platform in [Platform::Linux, Platform::MacOs, Platform::Windows] {
            let mut names: Vec<_> = platform
                .families()
                .iter()
                .flat_map(|family| family.files)
                .map(|name| name.to_ascii_lowercase())
                .collect();
            let listed = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), listed, "{platform:?}");
        }
    }
}
