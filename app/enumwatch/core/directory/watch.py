"""Watch: follows every reader of the directory and opens a finding where one reads far more than is usual."""

from __future__ import annotations

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


class ReadingWatch:
    """State by reader in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.limits = Limits.of(context.limits(GATHERING))
        self._begun: Dict[Tuple[str, str], int] = {}  # (tenant, source) → first read of the log
        self._histories: Dict[Key, History] = {}
        self._windows: Dict[Key, Tuple[ReadWindow, ReadWindow]] = {}
        self._open: Dict[Key, Harvest] = {}
        self._baselines: Dict[Tuple[Key, int], Tuple[int, int, Baseline]] = {}

    def take(self, moment: Moment) -> Iterator[Harvest]:
        """Yields what is worth telling of the reader after this moment; one that closed comes with its last word."""
        read = read_of(moment.contact, moment.time, moment.attempts)
        if not read.reader:
            return
        key = (read.tenant, read.reader)
        self._begun.setdefault((read.tenant, read.source), read.time)
        harvest = self._open.get(key)
        if harvest is not None and read.time - harvest.last > self.limits.close_after:
            harvest.is_closed = True
            yield self._open.pop(key)
            harvest = None
        history = self._histories.setdefault(key, History())
        history.begin(read.time, self.limits.kept)
        hour, day = self._windows.setdefault(key, (ReadWindow(self.limits.window), ReadWindow(self.limits.day_window)))
        hour.add(read)
        day.add(read)
        if harvest is None:
            harvest = self._judge(key, read, history, (hour, day))
            if harvest is not None:
                self._open[key] = harvest
                yield harvest
        else:
            harvest.take(read)
            yield harvest
        history.note(read.time, read.network, client_of(read))
        history.is_accused = history.is_accused or harvest is not None

    def close(self) -> Iterator[Harvest]:
        """Every finding still open, for its last word."""
        for key in sorted(self._open):
            yield self._open[key]
        self._open.clear()

    def _judge(
        self, key: Key, read: Read, history: History, windows: Tuple[ReadWindow, ReadWindow]
    ) -> Optional[Harvest]:
        limits = self.limits
        volumes = [window.volume(limits.page_objects, limits.list_objects) for window in windows]
        history.peak_hour = max(history.peak_hour, volumes[0])
        history.peak_day = max(history.peak_day, volumes[1])
        if volumes[1] < min(limits.own_objects, limits.hour_objects, limits.day_objects):
            return None
        floors = (limits.hour_objects, limits.day_objects)
        for window, volume, floor in zip(windows, volumes, floors):
            standing = self._standing(key, read, history, window, volume, floor)
            if standing is None:
                continue
            signs = signs_of(window, read, standing, history, limits, self._context)
            if signs.is_enough:
                return opened(window, read, standing, signs, limits)
        return None

    def _standing(
        self, key: Key, read: Read, history: History, window: ReadWindow, volume: int, floor: int
    ) -> Optional[Standing]:
        """How the volume compares with the reader's own days; None where it is nothing to speak of."""
        limits = self.limits
        own = self._baseline(key, read.time, history, window.length)
        has_history = own.days >= limits.own_days
        if has_history:
            floor = limits.own_objects
        bound = own.bound if has_history else own.most * limits.over_most
        if volume < floor or volume <= bound:
            return None
        age = log_days(self._begun.get((read.tenant, read.source)), read.time)
        return Standing(volume, window.length, floor, own, has_history, age)

    def _baseline(self, key: Key, now: int, history: History, length: int) -> Baseline:
        kept = self._baselines.get((key, length))
        days: List[int] = history.before(now, length)
        if kept is None or kept[0] != history.day or kept[1] != len(days):
            made = baseline(days, self.limits.deviations, self.limits.over_most)
            kept = self._baselines[key, length] = (history.day, len(days), made)
        return kept[2]
