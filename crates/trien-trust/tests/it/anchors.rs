//! The set of anchors.

use trien_trust::{AnchorPurposes, PathPurpose, TrustAnchor, TrustAnchors};

use crate::pki::{chain, day};

#[test]
fn a_certificate_is_an_anchor_once_and_the_first_bounds_count() {
    let root = chain().root_certificate;
    let bounded = TrustAnchor::new(root.clone())
        .with_valid_until(day(1))
        .with_purposes(AnchorPurposes::Only(PathPurpose::TimeStamping));
    let mut anchors: TrustAnchors = [bounded.clone()].into_iter().collect();
    anchors.add(TrustAnchor::new(root.clone()));
    assert_eq!(anchors.len(), 1);
    assert_eq!(anchors.find(root.id()), Some(&bounded));
    let both = TrustAnchors::from_certificates([root.clone(), root]);
    assert_eq!(both.iter().count(), 1);
    assert!(TrustAnchors::default().is_empty());
}

#[test]
fn an_anchor_for_all_purposes_is_for_each() {
    let stamping = AnchorPurposes::Only(PathPurpose::TimeStamping);
    for purpose in [PathPurpose::DocumentSigning, PathPurpose::TimeStamping] {
        assert!(AnchorPurposes::All.contains(purpose));
        assert_eq!(
            stamping.contains(purpose),
            purpose == PathPurpose::TimeStamping
        );
    }
}
