"""A real Elasticsearch node: the distribution of Maven Central, on the loopback interface, not as root."""

from __future__ import annotations

import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from elasticsearch import Elasticsearch

from .process import NoNodeError, cache, free_ports, is_listening, java, last_words, maven, scratch, started, stop

VERSION = "9.2.4"
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
_HEAP = "512m"
_UP_WITHIN = 100.0  # seconds

Prepare = Callable[[Path], dict[str, str]]


@contextmanager
def running_node() -> Iterator[Elasticsearch]:
    """A client of a node that lives as long as the context; raises NoNodeError where none can be had."""
    with (
        running_server(lambda _: {"xpack.security.enabled": "false"}) as (address, _home),
        Elasticsearch(address, request_timeout=120) as client,
    ):
        client.cluster.health(wait_for_status="yellow", timeout="60s")
        yield client


@contextmanager
def running_server(prepare: Prepare) -> Iterator[tuple[str, Path]]:
    """The address and the home of a node; `prepare` may change its home before the start and gives more settings."""
    home_of_java, archive = java(), _archive()
    with scratch("node") as folder:
        home = _unpacked(archive, folder)
        port = _configured(home, prepare(home))
        env = {"ES_JAVA_HOME": str(home_of_java), "ES_JAVA_OPTS": f"-Xms{_HEAP} -Xmx{_HEAP}"}
        process = started([home / "bin" / "elasticsearch"], folder, env)
        try:
            _wait(port, process, folder)
            yield f"http://127.0.0.1:{port}", home
        finally:
            stop(process)


def _archive() -> Path:
    """The distribution, fetched once by Maven into the user's cache."""
    kept = cache()
    archive = kept / f"elasticsearch-{VERSION}.zip"
    if archive.is_file():
        return archive
    # Into a folder of its own first, so that a fetch that was broken off leaves nothing that looks whole.
    with tempfile.TemporaryDirectory(dir=kept) as fresh:
        maven(["dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={fresh}"], Path(fresh), _ARTIFACT)
        fetched = Path(fresh) / archive.name
        if not fetched.is_file():
            raise NoNodeError(f"Maven fetched no {archive.name}")
        fetched.replace(archive)
    return archive


def _unpacked(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    home = folder / f"elasticsearch-{VERSION}"
    for script in (home / "bin").iterdir():
        script.chmod(0o755)
    return home


def _configured(home: Path, more: dict[str, str]) -> int:
    """Writes the node's settings; returns its port."""
    port, transport = free_ports(2)
    lines = {
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport,
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        **more,
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    (home / "config" / "elasticsearch.yml").write_text(text, encoding="utf-8")
    return port


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + _UP_WITHIN
    while time.monotonic() < until and process.poll() is None:
        if is_listening(port):
            return
        time.sleep(0.25)
    raise RuntimeError(f"Elasticsearch did not come up:\n{last_words(folder)}")
