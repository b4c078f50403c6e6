-- Ends of the log that somebody else vouches for: a time-stamping authority, or the owner of a key.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  sequence INTEGER NOT NULL REFERENCES audit_entry (sequence),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  head_time INTEGER NOT NULL,
  seal TEXT NOT NULL,
  octets BLOB NOT NULL,
  certificate BLOB
) STRICT;
CREATE INDEX audit_head_sequence ON audit_head (sequence);
CREATE TRIGGER audit_head_is_not_replaced BEFORE INSERT ON audit_head
  WHEN EXISTS (SELECT 1 FROM audit_head WHERE id = NEW.id)
  BEGIN SELECT raise(ABORT, 'a head of the log is not replaced'); END;
CREATE TRIGGER audit_head_is_not_changed BEFORE UPDATE ON audit_head
  BEGIN SELECT raise(ABORT, 'a head of the log is not changed'); END;
CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_head
  BEGIN SELECT raise(ABORT, 'a head of the log is not deleted'); END;
