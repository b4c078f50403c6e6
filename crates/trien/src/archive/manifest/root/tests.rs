use trien_policy::DocumentConclusion::Valid;
use trien_types::UnixTime;

use super::super::tests::file;
use super::*;

/// A list of twelve files in three folders and two at the top.
fn manifest() -> Manifest {
    let folders = ["a/5A", "a/5B", "b"];
    let below = folders.iter().flat_map(|folder| {
        (0..4).map(move |at| (format!("{folder}/{at}.pdf"), format!("{folder}{at}")))
    });
    let top = (8..10).map(|at| (format!("{at}.pdf"), format!("top{at}")));
    let files = below
        .chain(top)
        .map(|(name, digest)| file(&name, &digest, Valid));
    Manifest::new(
        UnixTime::from_seconds(1_780_000_000),
        "p",
        1,
        files.collect(),
    )
    .unwrap()
}

/// The files of the list that begin so, as they are read below a path.
fn read(manifest: &Manifest, start: &str, below: &str, cut: &str) -> Vec<ListedFile> {
    let listed = manifest.files.iter();
    let listed = listed.filter(|file| file.file.starts_with(start));
    let named = listed.map(|listed| {
        let inside = listed.file.strip_prefix(cut).unwrap();
        ListedFile {
            file: inside.to_owned(),
            place: format!("{below}/{inside}"),
            ..listed.clone()
        }
    });
    named.collect()
}

fn paths(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn fe7_26_a_folder_inside_is_held_against_its_part_of_the_list() {
    let manifest = manifest();
    for base in ["disc/a", "disc/a/", ".", "/elsewhere/copy"] {
        let trimmed = base.trim_end_matches('/');
        let mut found = read(&manifest, "a/", trimmed, "a/");
        let check = manifest.check_in(&found, &paths(&[base]));
        assert_eq!((check.missing.len(), check.added.len()), (0, 0), "{base}");
        assert_eq!(
            (check.beyond.len(), &check.below[..]),
            (6, &["a".to_owned()][..])
        );
        assert!(!check.is_same(), "the rest was not looked for");
        // Inside that folder all is looked for.
        found.remove(2);
        found[0].sha256 = Some("ff".to_owned());
        found.push(ListedFile {
            place: format!("{trimmed}/5A/new.pdf"),
            ..file("5A/new.pdf", "00", Valid)
        });
        let check = manifest.check_in(&found, &paths(&[base]));
        assert_eq!(check.missing, ["a/5A/2.pdf"]);
        assert_eq!(check.changed, ["a/5A/0.pdf"]);
        assert_eq!(check.added, ["a/5A/new.pdf"]);
        assert_eq!(check.beyond.len(), 6);
    }
    // Several folders that are all of it but what lies at the top.
    let mut found = read(&manifest, "a/", "disc/a", "a/");
    found.extend(read(&manifest, "b/", "disc/b", "b/"));
    let folders = paths(&["disc/a", "disc/b"]);
    let check = manifest.check_in(&found, &folders);
    assert_eq!(
        (&check.below[..], check.missing.len()),
        (&paths(&["a", "b"])[..], 0)
    );
    assert_eq!(check.beyond, ["8.pdf", "9.pdf"]);
    // Emptied, a folder is known by its name.
    let check = manifest.check_in(&[], &paths(&["disc/b"]));
    assert_eq!((check.missing.len(), check.beyond.len()), (4, 10));
}

#[test]
fn fe7_26_a_pattern_names_files_and_the_others_are_not_called_missing() {
    let manifest = manifest();
    let of = |start: &str, below: &str| read(&manifest, start, below, start);
    let mut found = of("a/5A/", "disc/a/5A");
    found.extend(of("a/5B/", "disc/a/5B"));
    found.retain(|file| file.file != "3.pdf");
    let check = manifest.check_in(&found, &[]);
    assert_eq!(
        (check.missing.len(), check.added.len(), check.changed.len()),
        (0, 0, 0)
    );
    assert_eq!(check.beyond.len(), 8);
    assert_eq!(check.below, ["a/5A", "a/5B"]);
    // Changed, it is known by the folder's name.
    let mut one = of("a/5A/0", "disc/a/5A");
    one[0].file = "0.pdf".to_owned();
    one[0].place = "disc/a/5A/0.pdf".to_owned();
    one[0].sha256 = Some("ff".to_owned());
    let check = manifest.check_in(&one, &[]);
    assert_eq!(
        (check.changed, check.added.len()),
        (vec!["a/5A/0.pdf".to_owned()], 0)
    );
    // Of another folder it is nobody's.
    one[0].place = "other/0.pdf".to_owned();
    let check = manifest.check_in(&one, &[]);
    assert_eq!(
        (check.changed.len(), check.added),
        (0, vec!["0.pdf".to_owned()])
    );
}

#[test]
fn fe7_26_the_folder_itself_and_the_one_above_are_held_against_all_of_it() {
    let manifest = manifest();
    let whole = read(&manifest, "", "disc", "");
    let check = manifest.check_in(&whole, &paths(&["disc"]));
    assert!(check.is_same() && check.below.is_empty() && check.above.is_empty());
    let mut part = whole.clone();
    part.retain(|file| file.file.starts_with("a/"));
    let check = manifest.check_in(&part, &paths(&["disc"]));
    assert_eq!((check.missing.len(), check.beyond.len()), (6, 0));
    let check = manifest.check_in(&[], &paths(&["disc"]));
    assert_eq!((check.missing.len(), check.beyond.len()), (14, 0));
    let above: Vec<ListedFile> = whole
        .iter()
        .map(|file| ListedFile {
            file: format!("disc/{}", file.file),
            place: format!("media/disc/{}", file.file),
            ..file.clone()
        })
        .collect();
    let check = manifest.check_in(&above, &paths(&["media"]));
    assert_eq!(
        (check.above.as_slice(), check.is_same()),
        (&paths(&["disc"])[..], true)
    );
    let check = manifest.check_in(above.get(1..).unwrap(), &paths(&["media"]));
    assert_eq!((check.missing.len(), check.beyond.len()), (1, 0));
}
