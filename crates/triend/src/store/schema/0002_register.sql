-- Who signs as what (TT 41/2017, art. 6 and 7.3) and who holds the seal device (art. 5). Rows are
-- added and never changed: an end is a row of its own.
CREATE TABLE signer (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  person TEXT NOT NULL,
  body TEXT NOT NULL,
  role TEXT NOT NULL,
  capacity TEXT NOT NULL,
  certificate BLOB NOT NULL REFERENCES blob (sha256),
  from_time INTEGER NOT NULL,
  until_time INTEGER CHECK (until_time > from_time),
  decision TEXT
) STRICT;
CREATE INDEX signer_certificate ON signer (certificate);
CREATE TRIGGER signer_is_not_replaced BEFORE INSERT ON signer
  WHEN EXISTS (SELECT 1 FROM signer WHERE id = NEW.id)
  BEGIN SELECT raise(ABORT, 'an entry of the register is not replaced'); END;
CREATE TRIGGER signer_is_not_changed BEFORE UPDATE ON signer
  BEGIN SELECT raise(ABORT, 'an entry of the register is not changed'); END;
CREATE TRIGGER signer_is_not_deleted BEFORE DELETE ON signer
  BEGIN SELECT raise(ABORT, 'an entry of the register is not deleted'); END;

CREATE TABLE signer_end (
  signer INTEGER PRIMARY KEY REFERENCES signer (id),
  until_time INTEGER NOT NULL,
  decision TEXT
) STRICT;
CREATE TRIGGER signer_end_is_not_replaced BEFORE INSERT ON signer_end
  WHEN EXISTS (SELECT 1 FROM signer_end WHERE signer = NEW.signer)
  BEGIN SELECT raise(ABORT, 'an end in the register is not replaced'); END;
CREATE TRIGGER signer_end_is_not_changed BEFORE UPDATE ON signer_end
  BEGIN SELECT raise(ABORT, 'an end in the register is not changed'); END;
CREATE TRIGGER signer_end_is_not_deleted BEFORE DELETE ON signer_end
  BEGIN SELECT raise(ABORT, 'an end in the register is not deleted'); END;

CREATE TABLE seal_assignment (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  device TEXT NOT NULL,
  clerk INTEGER NOT NULL REFERENCES signer (id),
  decision TEXT NOT NULL,
  from_time INTEGER NOT NULL,
  until_time INTEGER CHECK (until_time > from_time)
) STRICT;
CREATE INDEX seal_assignment_device ON seal_assignment (device);
CREATE INDEX seal_assignment_clerk ON seal_assignment (clerk);
CREATE TRIGGER seal_assignment_is_not_replaced BEFORE INSERT ON seal_assignment
  WHEN EXISTS (SELECT 1 FROM seal_assignment WHERE id = NEW.id)
  BEGIN SELECT raise(ABORT, 'an assignment is not replaced'); END;
CREATE TRIGGER seal_assignment_is_not_changed BEFORE UPDATE ON seal_assignment
  BEGIN SELECT raise(ABORT, 'an assignment is not changed'); END;
CREATE TRIGGER seal_assignment_is_not_deleted BEFORE DELETE ON seal_assignment
  BEGIN SELECT raise(ABORT, 'an assignment is not deleted'); END;

CREATE TABLE seal_return (
  assignment INTEGER PRIMARY KEY REFERENCES seal_assignment (id),
  until_time INTEGER NOT NULL
) STRICT;
CREATE TRIGGER seal_return_is_not_replaced BEFORE INSERT ON seal_return
  WHEN EXISTS (SELECT 1 FROM seal_return WHERE assignment = NEW.assignment)
  BEGIN SELECT raise(ABORT, 'the end of an assignment is not replaced'); END;
CREATE TRIGGER seal_return_is_not_changed BEFORE UPDATE ON seal_return
  BEGIN SELECT raise(ABORT, 'the end of an assignment is not changed'); END;
CREATE TRIGGER seal_return_is_not_deleted BEFORE DELETE ON seal_return
  BEGIN SELECT raise(ABORT, 'the end of an assignment is not deleted'); END;
