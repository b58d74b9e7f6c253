"""`python -m tests.fuzz.server`: does each command line it is sent in a copy of itself, and says what that cost.

Starting Python and importing DuckDB takes a second; a copy of a process that has them takes a hundredth of one.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from contextlib import suppress
from typing import Any

# What a case may at most ask of the machine, so that a fault found does not take the machine along.
_MOST_BYTES = 6 << 30


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """No address that a spoiled file happens to name is ever reached for."""
    del arguments
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise ConnectionRefusedError(111, "Connection refused")


def _run(task: dict[str, Any]) -> None:
    """In the copy: the command line, with the files of the case as its streams; never returns."""
    os.setsid()
    os.chdir(task["folder"])
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    for number, (name, flags) in enumerate(
        ((task["stdin"], os.O_RDONLY), ("stdout", os.O_CREAT | os.O_WRONLY), ("stderr", os.O_CREAT | os.O_WRONLY))
    ):
        os.dup2(os.open(name, flags, 0o600), number)
    sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    os.environ.update(task["environment"])
    sys.addaudithook(_refuse)
    from enumwatch.cli import main

    code = 70
    try:
        code = main(task["arguments"])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    with suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _reply(task: dict[str, Any]) -> dict[str, Any]:
    begin = time.monotonic()
    child = os.fork()
    if not child:
        _run(task)
    watch = os.pidfd_open(child)
    is_over = bool(select.select([watch], [], [], task["seconds"])[0])
    if not is_over:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    os.close(watch)
    return {
        "code": os.waitstatus_to_exitcode(status) if is_over else None,
        "seconds": time.monotonic() - begin,
        "mebibytes": used.ru_maxrss / 1024,
    }


def serve() -> None:
    """Reads tasks and writes replies, one JSON a line, until there are no more."""

    for line in sys.stdin.buffer:
        os.write(1, json.dumps(_reply(json.loads(line))).encode() + b"\n")


if __name__ == "__main__":
    serve()
