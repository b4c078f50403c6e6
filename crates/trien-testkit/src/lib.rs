//! Test PKI, tokens, records and suites of Triện (development only).
