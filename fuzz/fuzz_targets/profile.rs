#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| trien_fuzz::profile(octets));
