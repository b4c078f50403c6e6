//! Certificates as data and signatures under their keys.
