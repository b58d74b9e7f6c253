"""`python -m tests.bench.elastic_work bare|run ADDRESS LOOKUPS`: one process of the comparison, over the sign-ins of a node."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from enumwatch.elastic.lean import without_tables

# As the command does it.
with without_tables():
    from elasticsearch import Elasticsearch

    from enumwatch.core.times import from_iso
    from enumwatch.elastic.runner.reading import Logs
    from enumwatch.elastic.runner.run import Runner, Settings
    from enumwatch.engines.elastic.contacts import Part, Way, logs, parts_of
    from enumwatch.engines.elastic.fields import TIME_TYPES, Query, both, columns_of, names_asked, recognised
    from enumwatch.engines.elastic.rows import Rows
    from enumwatch.engines.elastic.survey import Grouped
    from enumwatch.engines.elastic.view import View
    from enumwatch.lookups import load_lookups
    from enumwatch.rulebook.compiled import compiled

SOURCE = "entra_signin"
SINCE = from_iso("2026-03-02")


class _BareWay(Way):
    """Pages through the groups and does nothing with them."""

    def _read_groups(self, part: Part, query: Query, interval: str, names: Iterable[str]) -> None:
        grouped = Grouped(self.found.columns, names, self._rows.time_fields)
        start = {"start": {"date_histogram": {"field": self._time_field, "fixed_interval": interval}}}
        for group in self._view.groups(query, [start, *grouped.sources], self._time_field):
            part.documents += group.documents


def bare(client: Elasticsearch, lookups: Path) -> int:
    """Reads every page of the composite aggregations that the runner reads; returns the documents in them."""
    log = logs(compiled())[SOURCE]
    counted = 0
    with View(client, log.indices) as view:
        capabilities = view.capabilities(sorted({*names_asked(log.shape), *log.time_fields}))
        times = [name for name in log.time_fields if capabilities.get(name, {}).keys() & TIME_TYPES]
        rows, columns = Rows(log.shape, load_lookups(lookups).outcomes), columns_of(log.shape, capabilities)
        is_there: list[Query] = [{"exists": {"field": name}} for name in times]
        ways = [
            _BareWay(
                view, log.shape, rows, name, both([recognised(log.shape), is_there[turn]], is_there[:turn]), columns
            )
            for turn, name in enumerate(times)
        ]
        ways = [way for way in ways if way.days]
        for days in parts_of(ways):
            counted += sum(way.read(*days).documents for way in ways)
    return counted


class _Alone:
    holder = "benchmark"

    def confirm(self) -> None:
        pass


def run(client: Elasticsearch, lookups: Path) -> int:
    """A whole first run; returns the findings written."""
    known = load_lookups(lookups)
    reading = Logs(client, {SOURCE: logs(compiled())[SOURCE]}, known.outcomes)
    context = known.context(compiled(), known.rows("free_mail"), known.rows("disposable_domains"))
    return Runner(client, reading, context, Settings(SINCE), _Alone()).once().verdicts


def main() -> int:
    """Does the work that was asked for and prints how much it was."""
    work, address, lookups = sys.argv[1:]
    with Elasticsearch(address, request_timeout=300) as client:
        print({"bare": bare, "run": run}[work](client, Path(lookups)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
