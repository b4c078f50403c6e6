#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| trien_fuzz::page_content(octets));
