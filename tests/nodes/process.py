"""The process of a server: what it needs to start, as whom it runs, and that it never outlives the tests."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_OLDEST_JAVA = 21
_FETCHED_WITHIN = 150  # seconds; a test may take no longer than twice that
_DOWN_WITHIN = 30.0
_NOBODY = "nobody"
_LINES_SHOWN = 15

# The shell ends the server when its own input ends: when it is asked to stop, and when the tests were killed.
_WATCHED = '"$@" & read -r; kill $!; wait $!'


class NoNodeError(Exception):
    """What is missing here to start a node."""


def java() -> Path:
    """The home of a Java that is new enough; raises NoNodeError."""
    homes = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    found = shutil.which("java")
    homes += [Path(found).resolve().parents[1]] if found else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        release = home / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text("utf-8")) if release.is_file() else None
        if version and int(version.group(1)) >= _OLDEST_JAVA:
            return home
    raise NoNodeError(f"no Java {_OLDEST_JAVA} or newer here; set ES_JAVA_HOME")


def cache() -> Path:
    """Where what was fetched is kept."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "enumwatch"
    place.mkdir(parents=True, exist_ok=True)
    return place


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A folder that is gone afterwards, in which a server may lie."""
    folder = Path(tempfile.mkdtemp(prefix=f"enumwatch-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def maven(asked: Sequence[str], folder: Path, what: str) -> None:
    """Runs Maven in a folder; raises NoNodeError where it is missing or cannot fetch."""
    command = shutil.which("mvn")
    if command is None:
        raise NoNodeError(f"no Maven here to fetch {what} with; install mvn")
    try:
        done = subprocess.run(
            [command, "-q", "-B", *asked], cwd=folder, capture_output=True, text=True, timeout=_FETCHED_WITHIN
        )
    except subprocess.TimeoutExpired:
        raise NoNodeError(f"Maven did not fetch {what} within {_FETCHED_WITHIN} s; try again") from None
    if done.returncode:
        raise NoNodeError(f"Maven cannot fetch {what}: {done.stdout.strip()[:300]}")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def started(command: Sequence[str | Path], folder: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts a server that lies in `folder`, as nobody where the tests run as root; it writes to `folder`/output."""
    with (folder / "output").open("wb") as output:
        return subprocess.Popen(
            ["bash", "-c", _WATCHED, "server", *command],
            stdin=subprocess.PIPE,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_nobody(folder),
        )


def as_nobody(folder: Path) -> dict[str, Any]:
    """How to start what refuses to run as root: gives the folder to nobody; returns arguments of Popen."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(_NOBODY)
    for place in (folder, *folder.rglob("*")):
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def is_listening(port: int) -> bool:
    """True where something accepts connections at a port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def last_words(folder: Path) -> str:
    """The end of what a server wrote."""
    return "\n".join((folder / "output").read_text("utf-8", "replace").splitlines()[-_LINES_SHOWN:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a server, if need be by force."""
    try:
        process.communicate(timeout=_DOWN_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
