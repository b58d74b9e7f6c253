"""Runs SPL beside the tests, under the Python that has chdb: one JSON request a line in, one JSON answer a line out.

Started by tests.splunk.engine with the folder of the engine as its only argument; nothing imports it.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def answer(engine: Any, runner: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What the engine says to one request: rows of a search, or the reason why it refuses it."""
    try:
        if "events" in request:
            runner.NUM = request["numbers"]
            with open(request["events"], encoding="utf-8") as lines:
                engine.load([json.loads(line) for line in lines])
            return {}
        if "lookups" in request:
            engine.lookups = []
            engine.load_lookups(request["lookups"])
            return {}
        return {"rows": engine.run(request["search"])}
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
