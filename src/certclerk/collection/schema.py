"""The tables of a .certclerk file and the steps from every released version to this one."""

from __future__ import annotations

# "cclk": tells the file from other SQLite databases (PRAGMA application_id).
APPLICATION_ID = 0x63636C6B

# Tables whose changes are history: undone, redone and kept as the audit trail.
TRACKED = (
    "filing",
    "teacher",
    "certificate",
    "refusal",
    "absence",
    "confirmation",
    "page",
    "submission_tick",
    "custody",
    "keying",
    "appointment",
)

_FIRST = """
CREATE TABLE notice (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  source TEXT NOT NULL
);
CREATE TABLE filing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  unit TEXT NOT NULL,
  clerk TEXT NOT NULL,
  phone TEXT NOT NULL,
  filled_on TEXT CHECK (filled_on IS NULL OR filled_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
);
CREATE TABLE teacher (
  id INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  serial INTEGER NOT NULL,
  sheet_serial INTEGER,
  name TEXT NOT NULL,
  sex TEXT NOT NULL,
  id_number TEXT NOT NULL,
  note TEXT NOT NULL,
  choice TEXT NOT NULL DEFAULT '' CHECK (choice IN ('', 'out', 'hold')),
  choice_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX teacher_position ON teacher (position);
CREATE TABLE certificate (
  id INTEGER PRIMARY KEY,
  teacher_id INTEGER NOT NULL REFERENCES teacher ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  number TEXT NOT NULL,
  authority TEXT NOT NULL,
  issued TEXT NOT NULL,
  choice TEXT NOT NULL DEFAULT '' CHECK (choice IN ('', 'in', 'out')),
  choice_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX certificate_teacher ON certificate (teacher_id, position);
CREATE TABLE refusal (
  id INTEGER PRIMARY KEY,
  teacher_id INTEGER NOT NULL REFERENCES teacher ON DELETE CASCADE,
  certificate_id INTEGER REFERENCES certificate ON DELETE CASCADE,
  field TEXT NOT NULL,
  original TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX refusal_teacher ON refusal (teacher_id);
CREATE INDEX refusal_certificate ON refusal (certificate_id);
CREATE TABLE absence (
  certificate_id INTEGER NOT NULL REFERENCES certificate ON DELETE CASCADE,
  slot TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (certificate_id, slot)
) WITHOUT ROWID;
CREATE TABLE confirmation (
  id INTEGER PRIMARY KEY,
  teacher_id INTEGER NOT NULL REFERENCES teacher ON DELETE CASCADE,
  certificate_id INTEGER REFERENCES certificate ON DELETE CASCADE,
  code TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> '')
);
CREATE INDEX confirmation_teacher ON confirmation (teacher_id);
CREATE INDEX confirmation_certificate ON confirmation (certificate_id);
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  media_type TEXT NOT NULL,
  added_at TEXT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE thumbnail (
  sha256 TEXT NOT NULL REFERENCES blob ON DELETE CASCADE,
  frame INTEGER NOT NULL,
  size INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (sha256, frame, size)
) WITHOUT ROWID;
CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL REFERENCES blob,
  frame INTEGER NOT NULL CHECK (frame >= 0),
  media_type TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  dpi REAL CHECK (dpi IS NULL OR dpi > 0),
  source TEXT NOT NULL,
  added_at TEXT NOT NULL,
  rotation INTEGER NOT NULL DEFAULT 0 CHECK (rotation IN (0, 90, 180, 270)),
  place TEXT NOT NULL CHECK (place IN ('slot', 'tray', 'trash')),
  certificate_id INTEGER REFERENCES certificate,
  slot TEXT,
  position INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  CHECK ((place = 'slot') = (certificate_id IS NOT NULL)),
  CHECK ((place = 'slot') = (slot IS NOT NULL))
);
CREATE INDEX page_certificate ON page (certificate_id, slot, position);
CREATE INDEX page_place ON page (place);
CREATE INDEX page_blob ON page (sha256);
CREATE TABLE submission (
  id INTEGER PRIMARY KEY,
  made_at TEXT NOT NULL,
  record TEXT NOT NULL
);
CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  made_at TEXT NOT NULL,
  label TEXT NOT NULL,
  teachers TEXT NOT NULL,
  changeset BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped'))
);
CREATE INDEX history_state ON history (state, id);
"""

# Columns at the end keep the history usable: changesets of the narrower tables still apply.
_SECOND = """
ALTER TABLE teacher ADD COLUMN signed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE teacher ADD COLUMN signed_row TEXT NOT NULL DEFAULT '';
ALTER TABLE confirmation ADD COLUMN in_note INTEGER NOT NULL DEFAULT 0 CHECK (in_note IN (0, 1));
ALTER TABLE page ADD COLUMN contrast REAL;
ALTER TABLE page ADD COLUMN sharpness REAL;
"""
_THIRD = """
ALTER TABLE page ADD COLUMN lightest REAL;
ALTER TABLE page ADD COLUMN darkest REAL;
ALTER TABLE page ADD COLUMN cut TEXT;
ALTER TABLE page ADD COLUMN likeness TEXT;
ALTER TABLE page ADD COLUMN recipe TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN from_certificate INTEGER;
ALTER TABLE page ADD COLUMN from_slot TEXT;
ALTER TABLE page ADD COLUMN from_position INTEGER;
ALTER TABLE page ADD COLUMN trashed_at TEXT;
CREATE TABLE rendition (
  sha256 TEXT NOT NULL REFERENCES blob ON DELETE CASCADE,
  frame INTEGER NOT NULL CHECK (frame >= 0),
  media_type TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  data BLOB NOT NULL,
  PRIMARY KEY (sha256, frame)
);
CREATE TABLE watched (
  path TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('taken', 'refused', 'passed')),
  seen_at TEXT NOT NULL
) WITHOUT ROWID;
"""
_FOURTH = """
CREATE TABLE submission_tick (
  submission_id INTEGER NOT NULL REFERENCES submission,
  step TEXT NOT NULL CHECK (step IN ('mailed', 'delivered', 'returned', 'accepted')),
  day TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (submission_id, step)
) WITHOUT ROWID;
CREATE TABLE form (
  annex TEXT PRIMARY KEY,
  file_name TEXT NOT NULL,
  mapping TEXT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE custody (
  certificate_id INTEGER PRIMARY KEY REFERENCES certificate ON DELETE CASCADE,
  received_on TEXT NOT NULL DEFAULT '',
  returned_on TEXT NOT NULL DEFAULT ''
);
CREATE TABLE keying (
  certificate_id INTEGER PRIMARY KEY REFERENCES certificate ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('done', 'problem')),
  reason TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  row TEXT NOT NULL
);
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  collection TEXT NOT NULL
);
INSERT INTO identity (id, collection) VALUES (1, lower(hex(randomblob(16))));
CREATE TABLE appointment (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  remark TEXT NOT NULL DEFAULT ''
);
"""
_FIFTH = """
CREATE TABLE generation (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  begun_at TEXT NOT NULL
);
"""
# What version 5 adds, as a table that holds nothing.
_FIFTH_TABLES = """
CREATE TEMP VIEW generation AS SELECT 0 AS number, '' AS id, '' AS begun_at WHERE 0;
"""
# What version 4 adds, as tables that hold nothing.
_FOURTH_TABLES = (
    """
CREATE TEMP VIEW submission_tick AS SELECT 0 AS submission_id, '' AS step, '' AS day, '' AS reason WHERE 0;
CREATE TEMP VIEW form AS SELECT '' AS annex, '' AS file_name, '' AS mapping, x'' AS data WHERE 0;
CREATE TEMP VIEW custody AS SELECT 0 AS certificate_id, '' AS received_on, '' AS returned_on WHERE 0;
CREATE TEMP VIEW keying AS SELECT 0 AS certificate_id, '' AS state, '' AS reason, '' AS at, '' AS row WHERE 0;
CREATE TEMP VIEW identity AS SELECT 1 AS id, '' AS collection;
CREATE TEMP VIEW appointment AS SELECT 1 AS id, '' AS first_day, '' AS last_day, '' AS remark WHERE 0;
"""
    + _FIFTH_TABLES
)
# What version 3 adds, as columns and tables that hold nothing.
_THIRD_PAGE = (
    "NULL AS lightest, NULL AS darkest, NULL AS cut, NULL AS likeness, '' AS recipe, NULL AS from_certificate,"
    " NULL AS from_slot, NULL AS from_position, NULL AS trashed_at"
)
_THIRD_TABLES = (
    """
CREATE TEMP VIEW rendition AS SELECT '' AS sha256, 0 AS frame, '' AS media_type, '' AS digest, x'' AS data WHERE 0;
CREATE TEMP VIEW watched AS SELECT '' AS path, 0 AS size, 0 AS modified_ns, '' AS sha256, '' AS outcome, '' AS seen_at
  WHERE 0;
"""
    + _FOURTH_TABLES
)
_FIRST_SEEN = f"""
CREATE TEMP VIEW teacher AS SELECT *, '' AS signed_on, '' AS signed_row FROM main.teacher;
CREATE TEMP VIEW confirmation AS SELECT *, 0 AS in_note FROM main.confirmation;
CREATE TEMP VIEW page AS SELECT *, NULL AS contrast, NULL AS sharpness, {_THIRD_PAGE} FROM main.page;
{_THIRD_TABLES}
"""
_SECOND_SEEN = f"""
CREATE TEMP VIEW page AS SELECT *, {_THIRD_PAGE} FROM main.page;
{_THIRD_TABLES}
"""

# Step n takes a file from user_version n to n + 1.
MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
VERSION = len(MIGRATIONS)
# What a reader who may not write puts over a file of user_version n, to see it as this version has it.
SEEN_AS_NEWEST: dict[int, str] = {1: _FIRST_SEEN, 2: _SECOND_SEEN, 3: _FOURTH_TABLES, 4: _FIFTH_TABLES}
