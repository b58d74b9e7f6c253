"""Directory: what is known of readers and of places that try forms of a name, as rows, and a gathering that goes on from rows."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping

from ..directory.gathering import Gathering
from ..directory.harvest import Harvest
from ..directory.probing import FORGOTTEN_AFTER, Failure, ProbedPlace, Probing, TriedName
from ..directory.read import Read
from ..directory.watch import Key, Reader
from ..directory.window import KEPT_READS
from ..history import History
from ..observation import Place
from ..times import DAY
from .row import MemoryRow
from .rows import Part, give_back, written
from .tenant import KNOWN_FOR

READER, HARVEST, PLACE, PROBING, LOG = (f"directory {one}" for one in ("reader", "harvest", "place", "probing", "log"))

KINDS = frozenset((READER, HARVEST, PLACE, PROBING, LOG))


def remembered(gathering: Gathering, now: int) -> List[MemoryRow]:
    """Everything a gathering needs to go on later as if it had never stopped, of all tenants, in a fixed order.

    Nothing it took may be later than `now`. Rows expire when what they hold says nothing any more, never before.
    """
    return written((*_reading(gathering, now), *_probing(gathering, now)), now)


def recall(gathering: Gathering, rows: Iterable[MemoryRow], now: int) -> None:
    """Gives a fresh gathering what its rows hold and has not expired; raises UnreadableMemoryError for a row of another make."""
    take: Mapping[str, Callable[[Gathering, MemoryRow, Any], None]] = {
        READER: _recall_reader,
        HARVEST: _recall_harvest,
        PLACE: _recall_place,
        PROBING: _recall_probing,
        LOG: _recall_log,
    }
    give_back(gathering, rows, now, take)


def _reading(gathering: Gathering, now: int) -> Iterator[Part]:
    watch = gathering.reading
    limits = watch.limits
    silent = max(limits.kept, limits.close_after, limits.day_window) + DAY
    for (tenant, name), reader in watch.readers.items():
        yield tenant, READER, name, _reader_value(reader, now - limits.day_window), reader.last, reader.last + silent
    for (tenant, name), harvest in watch.open.items():
        yield tenant, HARVEST, name, dict(vars(harvest)), harvest.last, harvest.last + limits.close_after + DAY
    logs: Dict[str, Dict[str, int]] = {}
    for (tenant, source), begun in watch.begun.items():
        logs.setdefault(tenant, {})[source] = begun
    for tenant, sources in logs.items():
        yield tenant, LOG, "", sources, now, now + KNOWN_FOR


def _reader_value(reader: Reader, horizon: int) -> Dict[str, Any]:
    # The hour's reads are the newest of the day's, and who reads is said by the key.
    reads = [(one.time, *one[3:]) for one in reader.day.reads if one.time >= horizon]
    hour = sum(1 for one in reader.hour.reads if one.time >= horizon)
    cuts = (reader.hour.cut_at, reader.day.cut_at)
    return {"history": dict(vars(reader.history)), "reads": reads, "hour": hour, "cuts": cuts, "last": reader.last}


def _recall_reader(gathering: Gathering, row: MemoryRow, value: Any) -> None:
    key: Key = (row.tenant, row.key)
    reads = [Read(time, *key, *rest) for time, *rest in value["reads"]][-KEPT_READS:]
    reader = gathering.reading.reader(key)
    reader.history = History(**value["history"])
    reader.last = value["last"]
    reader.day.recall(reads, value["cuts"][1])
    reader.hour.recall(reads[len(reads) - value["hour"] :], value["cuts"][0])


def _recall_harvest(gathering: Gathering, row: MemoryRow, value: Any) -> None:
    gathering.reading.open[row.tenant, row.key] = Harvest(**value)


def _recall_log(gathering: Gathering, row: MemoryRow, value: Any) -> None:
    gathering.reading.begun.update(((row.tenant, source), begun) for source, begun in value.items())


def _probing(gathering: Gathering, now: int) -> Iterator[Part]:
    watch = gathering.probing
    limits = watch.limits
    lately = max(limits.forms_window, watch.pause)
    for where, place in watch.places.items():
        place.expire(now - limits.forms_window)
        failed_until = place.last_failed + lately + DAY if place.last_failed else 0
        known_until = place.last_succeeded + FORGOTTEN_AFTER if place.succeeded else 0
        updated = max(place.last_failed, place.last_succeeded)
        yield where.tenant, PLACE, _key(where), _place_value(place), updated, max(failed_until, known_until)
    for where, probing in watch.open.items():
        value = {**vars(probing), "names": {name: tuple(tried) for name, tried in probing.names.items()}}
        yield where.tenant, PROBING, _key(where), value, probing.last, probing.last + limits.close_after + DAY


def _place_value(place: ProbedPlace) -> Dict[str, Any]:
    return {
        **vars(place),
        "failed": [tuple(tried) for tried in place.failed.values()],
        "tries": [tuple(failure) for failure in place.tries],
    }


def _recall_place(gathering: Gathering, row: MemoryRow, value: Any) -> None:
    place = ProbedPlace()
    place.failed = {tried.name: tried for tried in (TriedName(*one) for one in value["failed"])}
    place.tries.extend(Failure(*one) for one in value["tries"])
    place.succeeded = set(value["succeeded"])
    place.chain_start = value["chain_start"]
    place.last_failed, place.last_succeeded = value["last_failed"], value["last_succeeded"]
    gathering.probing.places[_place(row)] = place


def _recall_probing(gathering: Gathering, row: MemoryRow, value: Any) -> None:
    names = {name: TriedName(*tried) for name, tried in value["names"].items()}
    gathering.probing.open[_place(row)] = Probing(**{**value, "names": names})


def _key(place: Place) -> str:
    return f"{place.sort} {place.value}"


def _place(row: MemoryRow) -> Place:
    sort, _, value = row.key.partition(" ")
    return Place(row.tenant, sort, value)
