"""A file with our application id that this program never wrote is refused in words, whichever way it is opened."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError

PAGE = (
    "INSERT INTO blob VALUES (printf('%064d', 1), 'image/jpeg', '', x'00'); INSERT INTO page (sha256, frame, media_type,"
    " width, height, source, added_at, place, cut) VALUES (printf('%064d', 1), 0, 'image/jpeg', 1, 1, 'a.jpg',"
    " '2017-03-01T00:00:00+00:00', 'tray', {})"
)
HOSTILE = {
    "a view for a table": "ALTER TABLE custody RENAME TO moved; CREATE VIEW custody AS SELECT * FROM moved",
    "a trigger": "CREATE TRIGGER act AFTER INSERT ON history BEGIN DELETE FROM teacher; END",
    "a computed column": "ALTER TABLE teacher ADD COLUMN more AS (zeroblob(100000000))",
    "an index that computes": "CREATE INDEX more ON teacher (abs(id))",
    "a table less": "DROP TABLE keying",
    "a table more": "CREATE TABLE more (id)",
    "bytes for text": "UPDATE teacher SET name = x'ff00'",
    "a side that no page has": PAGE.format("'x1'"),
    "a word that the schema does not know": "UPDATE teacher SET choice = 'perhaps'",
    "text that is none": "UPDATE teacher SET note = CAST(x'e5889dff' AS TEXT)",
    "text that is none in the history": "UPDATE history SET label = CAST(x'ff' AS TEXT)",
    "text for a number": "UPDATE teacher SET position = 'first'",
    "a number without end": "UPDATE teacher SET position = 9223372036854775807",
    "no day": "UPDATE filing SET filled_on = '2017-02-31'",
    "a text without end": "UPDATE teacher SET name = printf('%.*c', 5000000, 'x')",
    "a page of no slot": "INSERT INTO absence VALUES (1, 'back', 'x')",
    "no notice": "UPDATE notice SET source = printf('%.*c', 2000000, '#')",
    "a version before all": "PRAGMA user_version = -1",
}


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("what", HOSTILE)
def test_what_this_program_never_wrote_is_refused(
    what: str, read_only: bool, collection: Collection, path: Path
) -> None:
    collection.close()
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(HOSTILE[what])
    connection.close()
    with pytest.raises(UserError) as caught:
        open_collection(path, read_only=read_only)
    assert caught.value.code in ("collection_damaged", "collection_not_one", "notice_unreadable")


def test_a_page_that_is_as_this_program_writes_it_is_not_refused(collection: Collection, path: Path) -> None:
    collection.close()
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(PAGE.format("'lt'"))
    with open_collection(path) as opened:
        assert len(opened.tray()) == 1


@pytest.mark.parametrize("read_only", [True, False])
def test_a_head_of_a_format_that_there_is_not(collection: Collection, path: Path, read_only: bool) -> None:
    """Bytes 44 to 47: the schema's format, of which SQLite knows 1 to 4."""
    collection.close()
    data = bytearray(path.read_bytes())
    data[44:48] = (9).to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(UserError) as caught:
        open_collection(path, read_only=read_only)
    assert caught.value.code == "collection_damaged"
