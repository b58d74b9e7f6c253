"""Remembering: checkpoints of the memory and what was told of each slice, in parts that are never changed once written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from ...core.memory.row import MemoryRow
from ...core.times import DAY
from ..documents import memory_documents, memory_rows
from ..faults import ClusterError
from ..names import MEMORY
from .bulk import delete_action, index_action, write
from .reading import whole
from .recollection import Recollection
from .state import Slice

TOLD = "told"
# What was told of a slice is kept for so long, to be told again where later events take a later word back; no finding
# is open for longer.
TOLD_FOR = 30 * DAY

_DOCUMENTS_OF_ONE_PAGE = 20
_IDS_OF_ONE_PAGE = 1_000
_SLICES_AT_HAND = 8
_READ_AGAIN, _PAUSE_SECONDS = 20, 0.5


class IncompleteMemoryError(ClusterError):
    """Rows of a part are gone."""

    def __init__(self, part: str) -> None:
        super().__init__(f"memory of {part} is gone from the cluster: it is built anew", kind="memory_gone")


class Remembering:
    """The memory index."""

    def __init__(self, client: Elasticsearch, pause: Callable[[float], object] = time.sleep) -> None:
        self._client = client
        self._pause = pause
        self._told: dict[str, dict[str, str]] = {}  # by part, of the slices looked at last

    def write(self, part: str, generation: int, rows: Iterable[MemoryRow]) -> None:
        """Writes the rows of a part. Raises ClusterError where one is refused."""
        actions = (
            index_action(MEMORY, unique, document) for unique, document in memory_documents(part, generation, rows)
        )
        for fault in write(self._client, actions, self._pause).refused.values():
            raise fault

    def recall(self, part: str, number: int) -> Recollection:
        """The rows of a part that has so many. Raises IncompleteMemoryError."""
        if not part or not number:
            return Recollection()
        for turn in range(_READ_AGAIN):
            found = Recollection(self._rows(part))
            if found.number == number:
                return found
            # What was just written is not found at once.
            if turn == 0:
                self._refresh()
            self._pause(_PAUSE_SECONDS)
        raise IncompleteMemoryError(part)

    def told(self, slices: Sequence[Slice]) -> dict[str, str]:
        """The last word on each finding that was told of these slices, in order; nothing of one whose rows are gone."""
        found: dict[str, str] = {}
        for one in slices:
            if one.part not in self._told:
                try:
                    self._told[one.part] = {row.key: row.value for row in self.recall(one.part, one.rows).everything()}
                except IncompleteMemoryError:
                    self._told[one.part] = {}
            found.update(self._told[one.part])
        while len(self._told) > _SLICES_AT_HAND:
            del self._told[next(iter(self._told))]
        return found

    def tell(self, part: str, generation: int, told: Mapping[str, str], since: int, until: int) -> None:
        """Keeps what was told of a slice: the whole verdict of each finding by its id."""
        expires = until + TOLD_FOR
        self.write(part, generation, sorted(MemoryRow(one, "", TOLD, told[one], since, expires) for one in told))
        self._told[part] = dict(told)

    def forget_all_but(self, parts: Sequence[str], generation: int) -> None:
        """Deletes what was written up to a generation and is needed no more."""
        query = {
            "bool": {
                "filter": [{"range": {"generation": {"lte": generation}}}],
                "must_not": [{"terms": {"part": list(parts)}}],
            }
        }
        ids = list(self._ids(query))
        if ids:
            write(self._client, (delete_action(MEMORY, one) for one in ids), self._pause)

    def _rows(self, part: str) -> Iterator[MemoryRow]:
        after: list[int] | None = None
        while True:
            answer = self._client.search(
                index=MEMORY,
                size=_DOCUMENTS_OF_ONE_PAGE,
                query={"term": {"part": part}},
                sort=[{"position": "asc"}],
                search_after=after,
                track_total_hits=False,
            )
            hits = whole(answer)["hits"]["hits"]
            if not hits:
                return
            for hit in hits:
                yield from memory_rows(hit["_source"])
            after = hits[-1]["sort"]

    def _ids(self, query: Mapping[str, object]) -> Iterator[str]:
        after: list[Any] | None = None
        while True:
            answer = self._client.search(
                index=MEMORY,
                size=_IDS_OF_ONE_PAGE,
                query=dict(query),
                source=False,
                sort=[{"part": "asc"}, {"position": "asc"}],
                search_after=after,
                track_total_hits=False,
            )
            hits = whole(answer)["hits"]["hits"]
            if not hits:
                return
            yield from (hit["_id"] for hit in hits)
            after = hits[-1]["sort"]

    def _refresh(self) -> None:
        """Asks for what was written to be found now; without the privilege to do so it takes a moment longer."""
        try:
            self._client.indices.refresh(index=MEMORY)
        except ApiError as error:
            if error.status_code not in (401, 403):
                raise
