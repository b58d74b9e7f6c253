"""Attempts: command lines done one after the other by the server, each with what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SECONDS_AT_MOST = 60.0


class Ended(NamedTuple):
    """How a command line ended: `code` is None where it had to be stopped, negative where a signal ended it."""

    code: int | None
    seconds: float
    mebibytes: float
    stdout: str
    stderr: str


class Attempts:
    """A context manager around the server."""

    def __enter__(self) -> Attempts:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "app"), str(ROOT)))}
        environment.pop("ENUMWATCH_TRACEBACK", None)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.server"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def run(
        self,
        folder: Path,
        arguments: Sequence[str],
        *,
        stdin: str = os.devnull,
        seconds: float = SECONDS_AT_MOST,
        environment: Mapping[str, str] | None = None,
    ) -> Ended:
        """Does one command line in a folder, where its streams become the files stdout and stderr."""
        for name in ("stdout", "stderr"):
            (folder / name).unlink(missing_ok=True)
        task = {
            "arguments": list(arguments), "folder": str(folder), "stdin": stdin, "seconds": seconds,
            "environment": {"TMPDIR": str(folder), **(environment or {})},
        }  # fmt: skip
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(task).encode() + b"\n")
        self._server.stdin.flush()
        told = json.loads(self._server.stdout.readline())
        said = [(folder / name).read_bytes().decode("utf-8", "surrogateescape") for name in ("stdout", "stderr")]
        return Ended(told["code"], told["seconds"], told["mebibytes"], *said)
