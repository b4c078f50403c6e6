//! Sign, countersign, seal and verify PDF records with keys on PKCS#11 tokens.
