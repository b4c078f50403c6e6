-- The store's own identity, the log, and octets that are kept once.
CREATE TABLE store (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id BLOB NOT NULL CHECK (length(id) = 32)
) STRICT;
CREATE TRIGGER store_is_not_changed BEFORE UPDATE ON store
  BEGIN SELECT raise(ABORT, 'the identity of a store is not changed'); END;
CREATE TRIGGER store_is_not_deleted BEFORE DELETE ON store
  BEGIN SELECT raise(ABORT, 'the identity of a store is not deleted'); END;

-- A row that is replaced is deleted without asking the triggers that guard deletion: each table also
-- refuses a row whose place is taken, before anything is replaced.
CREATE TRIGGER store_is_not_replaced BEFORE INSERT ON store
  WHEN EXISTS (SELECT 1 FROM store)
  BEGIN SELECT raise(ABORT, 'the identity of a store is not replaced'); END;

CREATE TABLE audit_entry (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject BLOB NOT NULL CHECK (length(subject) = 32),
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_entry_subject ON audit_entry (subject);
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry
  BEGIN SELECT raise(ABORT, 'an entry of the log is not changed'); END;
CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
  BEGIN SELECT raise(ABORT, 'an entry of the log is not deleted'); END;

CREATE TRIGGER audit_entry_comes_at_the_end BEFORE INSERT ON audit_entry
  WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entry)
  BEGIN SELECT raise(ABORT, 'an entry of the log comes at the end'); END;

CREATE TABLE blob (
  sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  octets BLOB NOT NULL
) STRICT;
CREATE TRIGGER blob_is_not_changed BEFORE UPDATE ON blob
  BEGIN SELECT raise(ABORT, 'kept octets are not changed'); END;
CREATE TRIGGER blob_is_not_replaced BEFORE INSERT ON blob
  WHEN EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.sha256)
  BEGIN SELECT raise(ABORT, 'kept octets are not replaced'); END;
