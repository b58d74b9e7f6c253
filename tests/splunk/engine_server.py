"""Runs SPL beside the tests, under the Python that has chdb: one JSON request a line in, one JSON answer a line out.

Started by tests.splunk.engine with the folder of the engine as its only argument; nothing imports it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import spelling

PIECE = "piece"


def load(engine: Any, events: list[dict[str, Any]]) -> None:
    """Gives the engine events, and remembers the names of their fields."""
    engine.names = {name for event in events for name in event}
    engine.load(events)


def rows_of(engine: Any, search: str, ahead: list[str]) -> list[dict[str, Any]]:
    """Rows of a search and the commands after it, in pieces where that is too complex as a whole: what one piece gives is
    what the next one takes."""
    ahead = spelling.parted(ahead)
    rows: list[dict[str, Any]] = []
    while True:
        if ahead and search == f"index={PIECE}" and spelling.groups(ahead[0]):
            rows, ahead = _grouped(engine, rows, ahead[0]), ahead[1:]
        else:
            rows, ahead = _piece(engine, search, ahead)
        if not ahead or not rows:
            return rows
        search = f"index={PIECE}"
        load(engine, [{"_time": 0, **row, "index": PIECE} for row in rows])


def _grouped(engine: Any, rows: list[dict[str, Any]], command: str) -> list[dict[str, Any]]:
    """Rows of a stats by many fields, which are one field while rows are grouped; a row without one of them is dropped."""
    names = spelling.groups(command)
    keyed = [
        {**row, spelling.JOINED: json.dumps([row[name] for name in names])}
        for row in rows
        if all(row.get(name) is not None for name in names)
    ]
    load(engine, [{"_time": 0, **row, "index": PIECE} for row in keyed])
    found = engine.run(f"index={PIECE} | {spelling.by_one_field(command)}")
    return [{**row, **dict(zip(names, json.loads(row.pop(spelling.JOINED)), strict=True))} for row in found]


def _piece(engine: Any, search: str, ahead: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of as many of the commands as the engine takes at once, and those that are left."""
    many = spelling.how_many(ahead)
    while True:
        done, left = ahead[:many], ahead[many:]
        # Without a table the engine leaves out what eval made.
        table = [f"table {' '.join(spelling.carried(engine.names, done, left))}"] if left else []
        try:
            return engine.run(" | ".join([search, *done, *table])), left
        except Exception:
            # Too complex, or a fault of the database below that fewer commands at once do not meet.
            if many == 1:
                raise
        many //= 2


def answer(engine: Any, runner: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What the engine says to one request: rows of a search, or the reason why it refuses it."""
    try:
        if "events" in request:
            runner.NUM = request["numbers"]
            with open(request["events"], encoding="utf-8") as lines:
                load(engine, [json.loads(line) for line in lines])
            return {}
        if "lookups" in request:
            engine.lookups = []
            engine.load_lookups(request["lookups"])
            return {}
        return {"rows": rows_of(engine, request["pipeline"][0], request["pipeline"][1:])}
    except Exception as error:
        return {"refused": str(error)[:2000]}


def main() -> None:
    """Answers until there are no more requests."""
    sys.path.insert(0, sys.argv[1])
    import ossrun  # type: ignore[import-not-found]

    engine, out = ossrun.Engine(), sys.stdout
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(engine, ossrun, json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    main()
