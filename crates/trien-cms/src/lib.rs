//! CMS, CAdES attributes and time-stamp tokens: parse (BER too), build, verify.
