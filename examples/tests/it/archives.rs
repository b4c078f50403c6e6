//! `verify` over archives, and the archive it is tried on.

mod counting;
mod journals;
#[cfg(target_os = "linux")]
mod memory;
mod places;
mod said;

use std::path::{Path, PathBuf};

use serde_json::Value;
use trien_testkit::pki::Role;

use crate::programs::{Desk, NOW, Ran, anchors, arguments, page, run};

/// A folder like a school's, with 24 signed records, an unsigned one, a broken one and one twice.
struct School {
    desk: Desk,
}

impl School {
    fn new() -> Self {
        let desk = Desk::new();
        for folder in [
            "Trường A/Học bạ/5A",
            "Trường A/Công văn đi",
            "Trường B/KHBD",
        ] {
            std::fs::create_dir_all(desk.path("archive").join(folder)).unwrap();
        }
        desk.sign_with(
            "sign",
            Role::Principal,
            "0.pdf",
            "signed.pdf",
            &[
                "--field",
                "HieuTruong",
                "--at",
                NOW,
                "--show",
                "1,60,60,150,60",
            ],
        )
        .assert_signed();
        let signed = std::fs::read(desk.path("signed.pdf")).unwrap();
        for number in 0..24 {
            desk.put(
                &format!("archive/Trường A/Học bạ/5A/{number:02}.pdf"),
                &signed,
            );
        }
        desk.put(
            "archive/Trường A/Công văn đi/001200000001 chưa ký.pdf",
            &page(),
        );
        desk.sign("countersign", Role::SchoolSeal, "signed.pdf", "sealed.pdf")
            .assert_signed();
        let sealed = std::fs::read(desk.path("sealed.pdf")).unwrap();
        desk.put("archive/Trường A/Công văn đi/02.pdf", &sealed);
        let mut broken = sealed.clone();
        let at = broken.len() / 3;
        broken[at] ^= 1;
        desk.put("archive/Trường B/KHBD/hỏng.pdf", &broken);
        desk.put("archive/Trường B/KHBD/rỗng.pdf", b"");
        Self { desk }
    }

    fn archive(&self) -> PathBuf {
        self.desk.path("archive")
    }

    fn verify(&self, options: &[&str]) -> Ran {
        verify(&self.archive(), options)
    }
}

fn verify(path: &Path, options: &[&str]) -> Ran {
    let mut list = arguments!["--at", NOW, "--anchors", anchors()].to_vec();
    list.extend(options.iter().map(std::ffi::OsStr::new));
    list.push(path.as_os_str());
    run("verify", &list)
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
