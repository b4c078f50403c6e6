//! Trust anchors, certification paths and revocation evidence.
