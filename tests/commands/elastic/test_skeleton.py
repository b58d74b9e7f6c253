"""Every action is there, speaks one line where the cluster is not, and starts without the client being loaded."""

from __future__ import annotations

import subprocess
import sys

from tests.commands.running import Run, environment


def test_the_help_loads_no_client() -> None:
    code = (
        "import sys\nfrom enumwatch.cli import main\n"
        "try: main(['elastic', 'setup', '--help'])\nexcept SystemExit: pass\n"
        "loaded = [name for name in sys.modules if name.startswith(('elastic', 'eland', 'duckdb'))]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "--dry-run" in done.stdout


def test_there_is_no_argument_for_a_key(run: Run) -> None:
    for option in ("--api-key", "--password", "--url"):
        assert run("elastic", "status", option, "x").code == 2
