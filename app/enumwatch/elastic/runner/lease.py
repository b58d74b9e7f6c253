"""Lease: one runner works, the others wait; who is dead is told by what he does not do, not by anybody's clock.

The holder changes the lease's document again and again. Whoever waits takes it over when it has not changed for as long
as the lease holds, by the clock of who waits; two clocks are never compared.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from types import TracebackType

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from ..faults import translated
from ..names import RUNS
from .state import LostError, Version

LEASE = "lease"
HELD_SECONDS = 60.0
_BEATS = 4  # while it holds


class Lease:
    """A lease on being the runner; a context manager that keeps it until the end."""

    def __init__(
        self,
        client: Elasticsearch,
        held_seconds: float = HELD_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.holder = uuid.uuid4().hex
        self._client = client
        self._held_seconds = held_seconds
        self._clock = clock
        self._version: Version | None = None  # of the document while we hold it
        self._renewed = 0.0
        self._watched: tuple[Version, float] | None = None  # somebody else's, and since when it has not changed
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def take(self) -> bool:
        """Takes the lease where it is free, or its holder is dead; returns whether it is ours now."""
        with self._lock:
            begun = self._clock()
            try:
                found = self._client.get(index=RUNS, id=LEASE)
            except NotFoundError:
                return self._write(Version(), begun)
            version = Version(found["_seq_no"], found["_primary_term"])
            holder = found["_source"]["enumwatch"]["run"]["holder"]
            if holder in ("", self.holder):
                return self._write(version, begun)
            if self._watched is None or self._watched[0] != version:
                self._watched = (version, self._clock())
                return False
            if self._clock() - self._watched[1] < self._held_seconds:
                return False
            return self._write(version, begun)

    def confirm(self) -> None:
        """Raises LostError unless the lease is surely still ours."""
        if self._version is None or self._clock() - self._renewed >= self._held_seconds:
            raise LostError

    def renew(self) -> None:
        """Says that we are alive. Raises LostError where somebody took over."""
        with self._lock:
            if self._version is None or not self._write(self._version, self._clock()):
                raise LostError

    def release(self) -> None:
        """Gives the lease back, so that nobody has to wait."""
        with self._lock:
            if self._version is not None:
                self._write(self._version, self._clock(), holder="")
                self._version = None

    def __enter__(self) -> Lease:
        self._ended.clear()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(self._held_seconds / _BEATS):
            try:
                self.renew()
            except LostError:
                return
            except Exception as error:
                # Tried again at the next beat; when too many fail, `confirm` says so.
                if translated(error) is None:
                    raise

    def _write(self, version: Version, begun: float, holder: str | None = None) -> bool:
        mark = self.holder if holder is None else holder
        document = {"enumwatch": {"run": {"kind": LEASE, "holder": mark, "state": {"beat": uuid.uuid4().hex}}}}
        try:
            done = self._client.index(index=RUNS, id=LEASE, document=document, **version.conditions)
        except ConflictError:
            self._version = None
            return False
        self._version = Version(done["_seq_no"], done["_primary_term"])
        self._renewed = begun  # from before we asked, however long the answer took
        self._watched = None
        return True
