"""The demo: `python -m enumwatch.demo` writes a simulated week of one organisation, scans it, writes the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .cli import guarded
from .cli import main as enumwatch
from .commands.speech import say

SEED = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demo; returns the exit code of the scan. Logs that are there already are used again."""
    parser = argparse.ArgumentParser(prog="python -m enumwatch.demo", description="A simulated week, scanned.")
    parser.add_argument("--out", default="build/demo", metavar="DIR")
    parser.add_argument("--events", type=int, default=100_000, metavar="N")
    options = parser.parse_args(arguments)
    return guarded(lambda: _demo(Path(options.out), options.events))


def _demo(out: Path, events: int) -> int:
    logs, report = out / "logs", out / "report.html"
    if not (logs / "truth.json").is_file():
        say(f"Writing a simulated week of logs to {logs} (attacks, and look-alikes that are none)")
        from .simulate import write_demo

        write_demo(logs, seed=SEED, events=events)
    exports = sorted(str(folder) for folder in logs.iterdir() if folder.is_dir() and folder.name != "lookups")
    lookups = ["--lookups", str(logs / "lookups")]
    code = enumwatch(["scan", *exports, *lookups, "--summary", str(out / "summary.json"), "--report", str(report)])
    sys.stdout.write(f"\nReport: {report.resolve()}\n")
    sys.stdout.flush()  # here, where a reader that went away is no fault
    return code


if __name__ == "__main__":
    sys.exit(main())
