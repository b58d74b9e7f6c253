"""Opens pages in headless Chromium behind a proxy that answers nothing and writes down who was asked for what."""

from __future__ import annotations

import os
import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WAIT_SECONDS = 90

# The browser's own housekeeping, which no page can cause.
_BROWSER_HOSTS = (".google.com", ".googleapis.com", ".gstatic.com", ".gvt1.com")


@dataclass(frozen=True)
class Visit:
    """What one page did: the page as it stood at the end, the browser's console, and the hosts asked for."""

    dom: str
    console: str
    requests: list[str]


class _Recorder(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline(4_096).decode("latin-1").strip()
        if line:
            self.server.requests.append(line)  # type: ignore[attr-defined]
        self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextmanager
def _proxy() -> Iterator[tuple[int, list[str]]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Recorder) as server:
        server.daemon_threads = True
        requests: list[str] = []
        server.requests = requests  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], requests
        finally:
            server.shutdown()


def visit(page: str, folder: Path) -> Visit:
    """Returns what the page did in two seconds of the browser's time; needs `CHROMIUM`."""
    assert CHROMIUM is not None
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    with _proxy() as (port, requests):
        command = [CHROMIUM, *_flags(port, folder), "--virtual-time-budget=2000", "--dump-dom", file.as_uri()]
        done = subprocess.run(command, capture_output=True, check=True, timeout=WAIT_SECONDS)
    asked = [line for line in requests if not _host(line).endswith(_BROWSER_HOSTS)]
    return Visit(done.stdout.decode(), done.stderr.decode(errors="replace"), asked)


def _flags(port: int, folder: Path) -> list[str]:
    quiet = ("background-networking", "component-update", "sync", "quic", "gpu", "default-apps", "extensions")
    flags = [
        "--headless",
        "--no-first-run",
        "--enable-logging=stderr",
        *(f"--disable-{part}" for part in quiet),
        f"--user-data-dir={folder / 'profile'}",
        f"--proxy-server=http://127.0.0.1:{port}",
        "--proxy-bypass-list=<-loopback>",
    ]
    # Chromium's sandbox refuses to start as root, which is what containers run tests as.
    return [*flags, "--no-sandbox"] if os.geteuid() == 0 else flags


def _host(request_line: str) -> str:
    target = [*request_line.split(" "), ""][1]
    return target.removeprefix("http://").split("/")[0].split(":")[0]
