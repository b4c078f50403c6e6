-- What is kept with outgoing and incoming records (TT 41/2017, art. 9), their withdrawal
-- (NĐ 30/2020, art. 18) and the destruction of what was kept (art. 10). The record's own line stays:
-- it is what the register of documents says, and what a withdrawal points at.
CREATE TABLE record (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  direction TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  number TEXT,
  symbol TEXT,
  kept_time INTEGER NOT NULL,
  UNIQUE (direction, sha256)
) STRICT;
CREATE TRIGGER record_is_not_replaced BEFORE INSERT ON record
  WHEN EXISTS (SELECT 1 FROM record WHERE id = NEW.id
    OR direction = NEW.direction AND sha256 = NEW.sha256)
  BEGIN SELECT raise(ABORT, 'a record is not replaced'); END;
CREATE TRIGGER record_is_not_changed BEFORE UPDATE ON record
  BEGIN SELECT raise(ABORT, 'a record is not changed'); END;
CREATE TRIGGER record_is_not_deleted BEFORE DELETE ON record
  BEGIN SELECT raise(ABORT, 'the line of a record is not deleted'); END;

CREATE TABLE destruction (
  record INTEGER PRIMARY KEY REFERENCES record (id),
  decision TEXT NOT NULL,
  document TEXT NOT NULL,
  begun_time INTEGER NOT NULL
) STRICT;
CREATE TRIGGER destruction_is_not_replaced BEFORE INSERT ON destruction
  WHEN EXISTS (SELECT 1 FROM destruction WHERE record = NEW.record)
  BEGIN SELECT raise(ABORT, 'a destruction is not replaced'); END;
CREATE TRIGGER destruction_is_not_changed BEFORE UPDATE ON destruction
  BEGIN SELECT raise(ABORT, 'a destruction is not changed'); END;
CREATE TRIGGER destruction_is_not_deleted BEFORE DELETE ON destruction
  BEGIN SELECT raise(ABORT, 'a destruction is not deleted'); END;

CREATE TABLE destruction_done (
  record INTEGER PRIMARY KEY REFERENCES destruction (record),
  done_time INTEGER NOT NULL
) STRICT;
CREATE TRIGGER destruction_done_is_not_replaced BEFORE INSERT ON destruction_done
  WHEN EXISTS (SELECT 1 FROM destruction_done WHERE record = NEW.record)
  BEGIN SELECT raise(ABORT, 'the end of a destruction is not replaced'); END;
CREATE TRIGGER destruction_done_is_not_changed BEFORE UPDATE ON destruction_done
  BEGIN SELECT raise(ABORT, 'the end of a destruction is not changed'); END;
CREATE TRIGGER destruction_done_is_not_deleted BEFORE DELETE ON destruction_done
  BEGIN SELECT raise(ABORT, 'the end of a destruction is not deleted'); END;

-- Numbers are not given twice: the log names an item by its number, also after it has gone.
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  record INTEGER NOT NULL REFERENCES record (id),
  kind TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  octets BLOB REFERENCES blob (sha256),
  url TEXT,
  role TEXT,
  capacity TEXT,
  assignment TEXT
) STRICT;
CREATE INDEX evidence_record ON evidence (record);
CREATE INDEX evidence_octets ON evidence (octets);
CREATE TRIGGER evidence_is_not_replaced BEFORE INSERT ON evidence
  WHEN EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)
  BEGIN SELECT raise(ABORT, 'evidence is not replaced'); END;
CREATE TRIGGER evidence_is_not_added_to_what_is_destroyed BEFORE INSERT ON evidence
  WHEN EXISTS (SELECT 1 FROM destruction WHERE record = NEW.record)
  BEGIN SELECT raise(ABORT, 'evidence is not added to what is destroyed'); END;
CREATE TRIGGER evidence_is_not_changed BEFORE UPDATE ON evidence
  BEGIN SELECT raise(ABORT, 'evidence is not changed'); END;
CREATE TRIGGER evidence_goes_with_its_record BEFORE DELETE ON evidence
  WHEN NOT EXISTS (SELECT 1 FROM destruction WHERE record = OLD.record)
  BEGIN SELECT raise(ABORT, 'evidence goes only with its record'); END;

CREATE TABLE withdrawal (
  record INTEGER PRIMARY KEY REFERENCES record (id),
  notice TEXT NOT NULL,
  notice_time INTEGER NOT NULL,
  replaced_by INTEGER REFERENCES record (id) CHECK (replaced_by <> record)
) STRICT;
CREATE INDEX withdrawal_replaced_by ON withdrawal (replaced_by);
CREATE TRIGGER withdrawal_is_not_replaced BEFORE INSERT ON withdrawal
  WHEN EXISTS (SELECT 1 FROM withdrawal WHERE record = NEW.record)
  BEGIN SELECT raise(ABORT, 'a withdrawal is not replaced'); END;
CREATE TRIGGER withdrawal_is_not_changed BEFORE UPDATE ON withdrawal
  BEGIN SELECT raise(ABORT, 'a withdrawal is not changed'); END;
CREATE TRIGGER withdrawal_is_not_deleted BEFORE DELETE ON withdrawal
  BEGIN SELECT raise(ABORT, 'a withdrawal is not deleted'); END;

CREATE TABLE withdrawal_report (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  record INTEGER NOT NULL REFERENCES withdrawal (record),
  reference TEXT NOT NULL,
  report_time INTEGER NOT NULL
) STRICT;
CREATE INDEX withdrawal_report_record ON withdrawal_report (record);
CREATE TRIGGER withdrawal_report_is_not_replaced BEFORE INSERT ON withdrawal_report
  WHEN EXISTS (SELECT 1 FROM withdrawal_report WHERE id = NEW.id)
  BEGIN SELECT raise(ABORT, 'a report is not replaced'); END;
CREATE TRIGGER withdrawal_report_is_not_changed BEFORE UPDATE ON withdrawal_report
  BEGIN SELECT raise(ABORT, 'a report is not changed'); END;
CREATE TRIGGER withdrawal_report_is_not_deleted BEFORE DELETE ON withdrawal_report
  BEGIN SELECT raise(ABORT, 'a report is not deleted'); END;
