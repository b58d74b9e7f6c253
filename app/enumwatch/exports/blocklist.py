"""Block list: networks one a line, for firewalls and proxies that read lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..core.times import to_iso
from ..report.csv import rows_csv
from .blocks import Block

COLUMNS = ("network", "expires", "last_seen", "verdict", "findings")


def plain_lines(blocks: Iterable[Block]) -> Iterator[str]:
    """Lines `CIDR # until TIME, VERDICT, finding ids`; a first line says what it is."""
    yield "# enumwatch blocklist: remove each line at the time behind it\n"
    for one in blocks:
        yield f"{one.network}  # until {to_iso(one.expires)}, {one.verdict}, {' '.join(one.findings)}\n"


def csv_lines(blocks: Iterable[Block]) -> Iterator[str]:
    """The same as a table with a header."""
    return rows_csv(
        COLUMNS,
        (
            (str(one.network), to_iso(one.expires), to_iso(one.last_seen), one.verdict, list(one.findings))
            for one in blocks
        ),
    )
