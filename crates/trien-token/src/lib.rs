//! Keys on PKCS#11 tokens and soft keys.
