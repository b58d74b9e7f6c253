"""Watch: follows every reader of the directory and opens a finding where one reads far more than is usual."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Tuple

from ..baseline import Baseline, baseline
from ..context import Context
from ..history import History
from ..moment import Moment
from .harvest import Harvest, opened
from .limits import GATHERING, Limits
from .read import Read, read_of
from .signs import Standing, client_of, log_days, signs_of
from .window import ReadWindow

Key = Tuple[str, str]  # tenant, reader


@dataclass
class Reader:
    """What one reader did within the last day, and on earlier days."""

    hour: ReadWindow
    day: ReadWindow
    history: History = field(default_factory=History)
    last: int = 0
    # Length of the window → (day, earlier days, what they say); made anew whenever it is not of these.
    baselines: Dict[int, Tuple[int, int, Baseline]] = field(default_factory=dict)


class ReadingWatch:
    """State by reader in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.limits = Limits.of(context.limits(GATHERING))
        self.begun: Dict[Tuple[str, str], int] = {}  # (tenant, source) → first read of the log
        self.readers: Dict[Key, Reader] = {}
        self.open: Dict[Key, Harvest] = {}

    def reader(self, key: Key) -> Reader:
        """What is known of a reader; a new one where nothing is."""
        found = self.readers.get(key)
        if found is None:
            limits = self.limits
            found = self.readers[key] = Reader(ReadWindow(limits.window), ReadWindow(limits.day_window))
        return found

    def take(self, moment: Moment) -> Iterator[Harvest]:
        """Yields what is worth telling of the reader after this moment; one that closed comes with its last word."""
        read = read_of(moment.contact, moment.time, moment.attempts)
        if not read.reader:
            return
        key = (read.tenant, read.reader)
        self.begun.setdefault((read.tenant, read.source), read.time)
        harvest = self.open.get(key)
        if harvest is not None and read.time - harvest.last > self.limits.close_after:
            harvest.is_closed = True
            yield self.open.pop(key)
            harvest = None
        reader = self.reader(key)
        reader.last = read.time
        history = reader.history
        history.begin(read.time, self.limits.kept)
        reader.hour.add(read)
        reader.day.add(read)
        if harvest is None:
            harvest = self._judge(reader, read)
            if harvest is not None:
                self.open[key] = harvest
                yield harvest
        else:
            harvest.take(read)
            yield harvest
        history.note(read.time, read.network, client_of(read))
        history.is_accused = history.is_accused or harvest is not None

    def _judge(self, reader: Reader, read: Read) -> Optional[Harvest]:
        limits, history = self.limits, reader.history
        windows = (reader.hour, reader.day)
        volumes = [window.volume(limits.page_objects, limits.list_objects) for window in windows]
        history.peak_hour = max(history.peak_hour, volumes[0])
        history.peak_day = max(history.peak_day, volumes[1])
        if volumes[1] < min(limits.own_objects, limits.hour_objects, limits.day_objects):
            return None
        floors = (limits.hour_objects, limits.day_objects)
        for window, volume, floor in zip(windows, volumes, floors):
            standing = self._standing(reader, read, window, volume, floor)
            if standing is None:
                continue
            signs = signs_of(window, read, standing, history, limits, self._context)
            if signs.is_enough:
                return opened(window, read, standing, signs, limits)
        return None

    def _standing(self, reader: Reader, read: Read, window: ReadWindow, volume: int, floor: int) -> Optional[Standing]:
        """How the volume compares with the reader's own days; None where it is nothing to speak of."""
        limits = self.limits
        own = self._baseline(reader, read.time, window.length)
        has_history = own.days >= limits.own_days
        if has_history:
            floor = limits.own_objects
        bound = own.bound if has_history else own.most * limits.over_most
        if volume < floor or volume <= bound:
            return None
        age = log_days(self.begun.get((read.tenant, read.source)), read.time)
        return Standing(volume, window.length, floor, own, has_history, age)

    def _baseline(self, reader: Reader, now: int, length: int) -> Baseline:
        kept = reader.baselines.get(length)
        days: List[int] = reader.history.before(now, length)
        if kept is None or kept[0] != reader.history.day or kept[1] != len(days):
            made = baseline(days, self.limits.deviations, self.limits.over_most)
            kept = reader.baselines[length] = (reader.history.day, len(days), made)
        return kept[2]
