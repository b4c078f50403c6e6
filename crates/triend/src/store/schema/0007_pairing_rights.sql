-- What pairings may do beside signing and verifying. Rows are added and never changed: a right ends
-- with its pairing.
CREATE TABLE pairing_right (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  pairing INTEGER NOT NULL REFERENCES pairing (id),
  granted TEXT NOT NULL,
  granted_time INTEGER NOT NULL,
  UNIQUE (pairing, granted)
) STRICT;
CREATE TRIGGER pairing_right_is_not_replaced BEFORE INSERT ON pairing_right
  WHEN EXISTS (SELECT 1 FROM pairing_right WHERE id = NEW.id
    OR (pairing = NEW.pairing AND granted = NEW.granted))
  BEGIN SELECT raise(ABORT, 'a right is not replaced'); END;
CREATE TRIGGER pairing_right_is_not_changed BEFORE UPDATE ON pairing_right
  BEGIN SELECT raise(ABORT, 'a right is not changed'); END;
CREATE TRIGGER pairing_right_is_not_deleted BEFORE DELETE ON pairing_right
  BEGIN SELECT raise(ABORT, 'a right is not deleted'); END;
