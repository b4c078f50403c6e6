//! Files that DSS and pyHanko made at every level, raised and renewed here.

use trien::ExtensionLevel;
use trien_testkit::judges::{BaselineLevel, LevelJudge, Making, make};
use trien_testkit::pki::Role;
use trien_testkit::structures::Structure;

use crate::client::Client;
use crate::levels::{Made, ago, assert_levels, raised, services, store};
use crate::school::{anchor_folder, plain_record};

#[test]
fn files_that_others_made_are_raised_and_renewed() {
    let Some(record) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let services = services(ago(0));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let signer = services.pki.identity(Role::Principal).unwrap();
    std::fs::write(path("key.p12"), signer.pkcs12("thu").unwrap()).unwrap();
    std::fs::write(path("input.pdf"), &record).unwrap();
    let (input, key) = (path("input.pdf"), path("key.p12"));
    let stamper = services.time_stamps.url();
    for judge in LevelJudge::ALL {
        let making = Making::new(
            &input,
            (&key, "thu"),
            anchor_folder(),
            &stamper,
            folder.path(),
        );
        let Some(files) = make(judge, &making).unwrap() else {
            continue;
        };
        let mut made = Vec::new();
        for (level, path) in files {
            let file = std::fs::read(path).unwrap();
            let client = Client::default();
            let lta = raised(&services, &file, ExtensionLevel::BLta, ago(0), &client);
            assert!(!store(&lta).certificates.is_empty());
            // Others' B has no signature time stamp, so that it gets two of the document.
            let (name, fields) = match level {
                BaselineLevel::B => ("B", 3),
                BaselineLevel::T => ("T", 2),
                BaselineLevel::Lt => ("LT", 2),
                _ => ("LTA", 3),
            };
            let one = Made::new(name, "PAdES-BASELINE-LTA", fields, lta);
            made.push(if level == BaselineLevel::B {
                one.stamped_as_document_alone()
            } else {
                one
            });
        }
        assert_eq!(made.len(), BaselineLevel::ALL.len());
        assert_levels(&made);
    }
}
