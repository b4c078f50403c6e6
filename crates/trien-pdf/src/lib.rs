//! PDF revisions, signature fields, ByteRange and incremental updates.
