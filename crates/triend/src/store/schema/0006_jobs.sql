-- Jobs until they are collected: what is to be signed with, and how far each document has come. The
-- documents themselves lie in the spool. Names of documents are personal data: they are in these
-- rows alone and go with them.
CREATE TABLE job (
  id TEXT PRIMARY KEY CHECK (length(id) = 32),
  pairing INTEGER NOT NULL,
  created_time INTEGER NOT NULL,
  expires_time INTEGER NOT NULL,
  state TEXT NOT NULL,
  stopped TEXT,
  certificate BLOB CHECK (length(certificate) = 32),
  signature TEXT NOT NULL
) STRICT;

CREATE TABLE job_document (
  job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  name TEXT NOT NULL,
  octets INTEGER,
  state TEXT NOT NULL,
  error TEXT,
  result_octets INTEGER,
  result_sha256 BLOB CHECK (length(result_sha256) = 32),
  PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;
