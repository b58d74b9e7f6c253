"""Window: what one reader read within the last hour or day, counted as it slides."""

from __future__ import annotations

from collections import Counter, deque
from typing import Counter as CounterOf
from typing import Deque, Iterable, List

from ..times import MINUTE
from .read import Read

# Beyond this the oldest reads of a window are let go: far above every limit the counts need not be exact.
KEPT_READS = 20_000


class ReadWindow:
    """Reads of the last `length` microseconds; every list of reads is in time order."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.reads: Deque[Read] = deque()
        self.objects: CounterOf[str] = Counter()
        self.sections: CounterOf[str] = Counter()
        self.networks: CounterOf[str] = Counter()
        self.agents: CounterOf[str] = Counter()
        self.app_ids: CounterOf[str] = Counter()
        self.sensitive: CounterOf[str] = Counter()
        self.pages = 0
        self.lists = 0
        self.calls = 0
        self.refused = 0
        self.cut_at = -1  # time of the newest read that was let go before its time

    def add(self, read: Read) -> None:
        """Adds the newest read and drops what is older than the window."""
        while self.reads and self.reads[0].time < read.time - self.length:
            self._count(self.reads.popleft(), -1)
        if len(self.reads) >= KEPT_READS:
            self.cut_at = self.reads[0].time
            self._count(self.reads.popleft(), -1)
        self.reads.append(read)
        self._count(read, 1)

    def recall(self, reads: Iterable[Read], cut_at: int) -> None:
        """Takes back from memory what it holds, in time order."""
        self.reads = deque(reads)
        self.cut_at = cut_at
        for read in self.reads:
            self._count(read, 1)

    @property
    def is_cut(self) -> bool:
        """Whether something of the window was let go."""
        return bool(self.reads) and self.cut_at >= max(0, self.reads[-1].time - self.length)

    def _count(self, read: Read, by: int) -> None:
        calls = by * read.calls
        self.calls += calls
        if read.is_refused:
            self.refused += calls
        elif read.is_page:
            self.pages += calls
        elif read.is_list:
            self.lists += calls
        elif read.target:
            _change(self.objects, read.target, by)
        if not read.is_refused:
            _change(self.sections, read.section, by)
            if read.is_sensitive:
                _change(self.sensitive, read.section or read.target, by)
        _change(self.networks, read.network, calls)
        _change(self.agents, read.agent, calls)
        _change(self.app_ids, read.app_id, calls)

    def volume(self, page_objects: int, list_objects: int) -> int:
        """Objects read: those asked for one by one, and what later pages and whole lists hold at least."""
        return len(self.objects) + self.pages * page_objects + self.lists * list_objects


def pace(reads: Deque[Read]) -> int:
    """Different objects and later pages within the last minute of these reads."""
    objects = set()
    pages = 0
    for read in reversed(reads):
        if read.time < reads[-1].time - MINUTE:
            break
        if read.is_page and not read.is_refused:
            # Where the calls of a row were made between its first and its last is not known, so one counts.
            pages += 1
        elif not read.is_refused:
            objects.add(read.target)
    return len(objects) + pages


def named(counts: CounterOf[str]) -> List[str]:
    """The names that are there, in order."""
    return sorted(name for name in counts if name)


def _change(counts: CounterOf[str], name: str, by: int) -> None:
    counts[name] += by
    if counts[name] <= 0:
        del counts[name]
