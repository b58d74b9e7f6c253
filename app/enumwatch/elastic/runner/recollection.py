"""Recollection: memory between two decisions, small: compressed, and opened for one tenant at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import groupby

from ...core.memory.row import MemoryRow

_ROWS_OF_ONE_PACK = 2_000
_FAST = 1


class Recollection:
    """Memory rows by tenant."""

    def __init__(self, rows: Iterable[MemoryRow] = ()) -> None:
        self._packs: dict[str, list[bytes]] = {}
        self.number = 0  # of rows
        self._numbers: dict[str, int] = {}
        self.add(rows)

    @property
    def tenants(self) -> list[str]:
        """Tenants of which something is remembered."""
        return sorted(self._packs)

    def add(self, rows: Iterable[MemoryRow]) -> None:
        """Takes rows; those of one tenant best follow one another."""
        for tenant, some in groupby(rows, key=lambda row: row.tenant):
            pack: list[MemoryRow] = []
            for row in some:
                pack.append(row)
                if len(pack) == _ROWS_OF_ONE_PACK:
                    self._keep(tenant, pack)
                    pack = []
            if pack:
                self._keep(tenant, pack)

    def take_over(self, other: Recollection, tenant: str) -> None:
        """Takes what another remembers of a tenant as it is."""
        if tenant in other._packs:
            self._packs[tenant] = other._packs[tenant]
            self._numbers[tenant] = other._numbers[tenant]
            self.number += other._numbers[tenant]

    def rows(self, tenant: str) -> list[MemoryRow]:
        """What is remembered of one tenant."""
        packs = self._packs.get(tenant, ())
        return [MemoryRow._make(row) for pack in packs for row in json.loads(zlib.decompress(pack))]

    def everything(self) -> Iterator[MemoryRow]:
        """All rows, tenant by tenant."""
        for tenant in self.tenants:
            yield from self.rows(tenant)

    def _keep(self, tenant: str, pack: list[MemoryRow]) -> None:
        packed = zlib.compress(json.dumps(pack, separators=(",", ":")).encode("ascii"), _FAST)
        self._packs.setdefault(tenant, []).append(packed)
        self._numbers[tenant] = self._numbers.get(tenant, 0) + len(pack)
        self.number += len(pack)
