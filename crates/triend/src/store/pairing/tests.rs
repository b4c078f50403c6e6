use tempfile::TempDir;

use super::*;
use crate::secret::Secret;

fn now() -> UnixTime {
    UnixTime::from_seconds(1_800_000_000)
}

fn store() -> (TempDir, Store) {
    let folder = TempDir::new().unwrap();
    let store = Store::create(&folder.path().join("data"), now()).unwrap();
    (folder, store)
}

fn origin() -> Origin {
    Origin::parse("https://hocba.example.edu.vn").unwrap()
}

fn page(proof_key: [u8; 32]) -> NewPairing {
    NewPairing::Page {
        origin: origin(),
        name: ShortText::new("Sổ điểm").unwrap(),
        proof_key,
    }
}

#[test]
fn a_page_is_let_in_by_its_origin_until_its_pairing_ends() {
    let (_folder, mut store) = store();
    let id = store
        .add_pairing(&page([7; 32]), Actor::Administrator, now())
        .unwrap();
    let found = store.pairing_of_origin(&origin()).unwrap().unwrap();
    assert_eq!((found.id, found.ended), (id, None));
    assert_eq!(store.proof_key_of(id).unwrap(), [7; 32]);
    let other = Origin::parse("https://example.edu.vn").unwrap();
    assert_eq!(store.pairing_of_origin(&other).unwrap(), None);
    let again = store.add_pairing(&page([8; 32]), Actor::Administrator, now());
    assert!(matches!(
        again,
        Err(StoreError::AlreadyThere(Subject::Pairing))
    ));

    store.end_pairing(id, Actor::Administrator, now()).unwrap();
    assert_eq!(store.pairing_of_origin(&origin()).unwrap(), None);
    assert!(!store.pairing_holds(id).unwrap());
    assert!(store.end_pairing(id, Actor::Administrator, now()).is_err());
    assert_eq!(store.pairings().unwrap().len(), 1);
    let next = store
        .add_pairing(&page([9; 32]), Actor::Administrator, now())
        .unwrap();
    assert_ne!(next, id);
    // Browsers that know the daemon by the first pairing's key know it still.
    assert_eq!(store.proof_key_of(next).unwrap(), [7; 32]);
    assert!(store.check().unwrap().is_intact());
}

#[test]
fn a_program_is_let_in_by_its_token_and_a_pages_key_is_no_token() {
    let (_folder, mut store) = store();
    let token = Secret::new().unwrap();
    let new = NewPairing::Program {
        name: ShortText::new("pyHanko").unwrap(),
        token: token.fingerprint(),
    };
    let id = store
        .add_pairing(&new, Actor::Administrator, now())
        .unwrap();
    let found = store.pairing_of_token(&token.fingerprint()).unwrap();
    assert_eq!(found.unwrap().id, id);
    let other = Secret::new().unwrap().fingerprint();
    assert_eq!(store.pairing_of_token(&other).unwrap(), None);
    store
        .add_pairing(&page(*other.as_octets()), Actor::Administrator, now())
        .unwrap();
    assert_eq!(store.pairing_of_token(&other).unwrap(), None);
    store.end_pairing(id, Actor::Administrator, now()).unwrap();
    assert_eq!(store.pairing_of_token(&token.fingerprint()).unwrap(), None);
}

#[test]
fn a_pairing_that_somebody_wrote_into_the_database_is_found_by_the_check() {
    let (_folder, mut store) = store();
    store
        .add_pairing(&page([7; 32]), Actor::Administrator, now())
        .unwrap();
    store
        .connection
        .execute(
            "INSERT INTO pairing (origin, name, secret, paired_time) VALUES (?1, 'x', ?2, 5)",
            params!["https://evil.example", [1_u8; 32].as_slice()],
        )
        .unwrap();
    assert!(!store.check().unwrap().is_intact());
    for statement in [
        "UPDATE pairing SET origin = 'https://a'",
        "DELETE FROM pairing",
    ] {
        assert!(store.connection.execute(statement, []).is_err());
    }
}
