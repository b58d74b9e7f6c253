"""A real Elasticsearch node for tests: the distribution of Maven Central, on the loopback interface, not as root."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

VERSION = "9.2.4"
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
_OLDEST_JAVA = 21
_HEAP = "512m"
_FETCHED_WITHIN = 150  # seconds; a test may take no longer than twice that
_UP_WITHIN = 100.0  # seconds
_DOWN_WITHIN = 30.0
_NOBODY = "nobody"
_LINES_SHOWN = 15


_WATCHED = '"$0" & read -r; kill $!; wait $!'


class NoNodeError(Exception):
    """What is missing here to start a node."""


@contextmanager
def running_node() -> Iterator[Elasticsearch]:
    """A client of a node that lives as long as the context; raises NoNodeError where none can be had."""
    java, archive = _java(), _archive()
    folder = Path(tempfile.mkdtemp(prefix="enumwatch-node-"))
    try:
        home = _unpacked(archive, folder)
        port = _configured(home)
        process = _started(home, java)
        try:
            with Elasticsearch(f"http://127.0.0.1:{port}", request_timeout=120) as client:
                _wait(client, port, process, folder / "output")
                yield client
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(home: Path, java: Path) -> subprocess.Popen[bytes]:
    folder = home.parent
    heap = f"-Xms{_HEAP} -Xmx{_HEAP}"
    env = {"ES_JAVA_HOME": str(java), "ES_JAVA_OPTS": heap, "PATH": os.environ["PATH"], "HOME": str(folder)}
    # The shell ends the node when its own input ends: when it is asked to stop, and when the tests were killed.
    with (folder / "output").open("wb") as output:
        return subprocess.Popen(
            ["bash", "-c", _WATCHED, home / "bin" / "elasticsearch"],
            stdin=subprocess.PIPE,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_as_nobody(folder),
        )


def _java() -> Path:
    """The home of a Java that is new enough."""
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


def _archive() -> Path:
    """The distribution, fetched once by Maven into the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "enumwatch"
    archive = cache / f"elasticsearch-{VERSION}.zip"
    if archive.is_file():
        return archive
    maven = shutil.which("mvn")
    if maven is None:
        raise NoNodeError("no Maven here to fetch Elasticsearch with; install mvn")
    # Into a folder of its own first, so that a fetch that was broken off leaves nothing that looks whole.
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        asked = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={scratch}"]
        try:
            done = subprocess.run(asked, cwd=scratch, capture_output=True, text=True, timeout=_FETCHED_WITHIN)
        except subprocess.TimeoutExpired:
            raise NoNodeError(f"Maven did not fetch {_ARTIFACT} within {_FETCHED_WITHIN} s; try again") from None
        fetched = Path(scratch) / archive.name
        if done.returncode or not fetched.is_file():
            raise NoNodeError(f"Maven cannot fetch {_ARTIFACT}: {done.stdout.strip()[:300]}")
        fetched.replace(archive)
    return archive


def _unpacked(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    home = folder / f"elasticsearch-{VERSION}"
    for script in (home / "bin").iterdir():
        script.chmod(0o755)
    return home


def _configured(home: Path) -> int:
    """Writes the node's settings; returns its port."""
    port, transport = _free_ports(2)
    lines = (
        *("discovery.type: single-node", "network.host: 127.0.0.1", f"http.port: {port}"),
        *(f"transport.port: {transport}", "xpack.security.enabled: false"),
        "cluster.routing.allocation.disk.threshold_enabled: false",
    )
    (home / "config" / "elasticsearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return port


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _as_nobody(folder: Path) -> dict[str, Any]:
    """How to start the node, which refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(_NOBODY)
    for place in (folder, *folder.rglob("*")):
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(client: Elasticsearch, port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + _UP_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.25)
            continue
        client.cluster.health(wait_for_status="yellow", timeout="60s")
        return
    last = output.read_text("utf-8", "replace").splitlines()[-_LINES_SHOWN:]
    raise RuntimeError("Elasticsearch did not come up:\n" + "\n".join(last))


def _stop(process: subprocess.Popen[bytes]) -> None:
    try:
        process.communicate(timeout=_DOWN_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
