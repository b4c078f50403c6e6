-- Which pages and programs may call the daemon. Rows are added and never changed: an end is a row of
-- its own. The secret is the key with which the daemon proves to a page that it is itself, or the
-- SHA-256 of a program's token.
CREATE TABLE pairing (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  origin TEXT,
  name TEXT NOT NULL,
  secret BLOB NOT NULL CHECK (length(secret) = 32),
  paired_time INTEGER NOT NULL
) STRICT;
CREATE INDEX pairing_origin ON pairing (origin);
CREATE UNIQUE INDEX pairing_secret ON pairing (secret);
CREATE TRIGGER pairing_is_not_replaced BEFORE INSERT ON pairing
  WHEN EXISTS (SELECT 1 FROM pairing WHERE id = NEW.id)
  BEGIN SELECT raise(ABORT, 'a pairing is not replaced'); END;
CREATE TRIGGER pairing_is_not_changed BEFORE UPDATE ON pairing
  BEGIN SELECT raise(ABORT, 'a pairing is not changed'); END;
CREATE TRIGGER pairing_is_not_deleted BEFORE DELETE ON pairing
  BEGIN SELECT raise(ABORT, 'a pairing is not deleted'); END;

CREATE TABLE pairing_end (
  pairing INTEGER PRIMARY KEY REFERENCES pairing (id),
  ended_time INTEGER NOT NULL
) STRICT;
CREATE TRIGGER pairing_end_is_not_replaced BEFORE INSERT ON pairing_end
  WHEN EXISTS (SELECT 1 FROM pairing_end WHERE pairing = NEW.pairing)
  BEGIN SELECT raise(ABORT, 'the end of a pairing is not replaced'); END;
CREATE TRIGGER pairing_end_is_not_changed BEFORE UPDATE ON pairing_end
  BEGIN SELECT raise(ABORT, 'the end of a pairing is not changed'); END;
CREATE TRIGGER pairing_end_is_not_deleted BEFORE DELETE ON pairing_end
  BEGIN SELECT raise(ABORT, 'the end of a pairing is not deleted'); END;
