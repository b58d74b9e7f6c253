"""Known lines: most rows of a log repeat an earlier one but for their time, and need not be taken apart again.

What stands behind the time in a line is looked up whole. Only a line that was never seen is split into cells. A line that
tells a success is the key under which its time is kept; one that tells a try is counted under its hour.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import compress, repeat
from operator import contains, itemgetter, not_

from .columns import KEY_COLUMNS, TIME
from .gathering import Gathering
from .meanings import NOISE, SUCCESS, TRY, Meaning

_TIMES = re.compile(r'(?:(?:"\d{1,10}\.\d{1,6}"|\d{1,10}),)+', re.ASCII)


class KnownLines:
    """Rows with one header: its first column is the time, and all the others count."""

    def __init__(
        self, columns: Sequence[str], plain: int, gathering: Gathering, meaning_of: Callable[[Sequence[str]], Meaning]
    ) -> None:
        """`columns` are those behind the time, the `plain` ones first; `meaning_of` tells what a row of them is."""
        self._width, self._plain = len(columns), plain
        self._gathering = gathering
        self._groups = gathering.line_groups(columns)
        self._meaning_of = meaning_of
        self._oldest = float("inf")  # of the successes taken so far, seconds

    @staticmethod
    def fits(plain: Sequence[str]) -> bool:
        """True for the columns of a header that can be read so."""
        return len(plain) > 1 and plain[0] == TIME and set(plain[1:]) <= set(KEY_COLUMNS)

    def take(self, lines: Sequence[str]) -> bool:
        """Takes the lines of a chunk; False, with nothing taken, where they are not plain enough."""
        if not lines:
            return True
        heads, rests = _apart(lines)
        if not _TIMES.fullmatch(",".join(heads) + ","):
            return False
        is_known = list(map(self._groups.successes.__contains__, rests))
        is_new = list(map(not_, is_known))
        reader = csv.reader(compress(rests, is_new), strict=True)
        try:
            rows = list(reader)
        except csv.Error:
            return False
        # A cell that holds the end of a line, or several values, is left to the way that reads every cell.
        if reader.line_num != len(rows) or set(map(len, rows)) - {self._width}:
            return False
        if any(map(any, map(itemgetter(slice(self._plain, None)), rows))):
            return False
        times = [float(head.strip('"')) for head in heads]
        meanings = list(map(self._meaning_of, rows))
        del rows, heads
        self._take_successes(rests, times, is_known, meanings)
        new, moments = compress(rests, is_new), compress(times, is_new)
        sorts = [meaning[0] for meaning in meanings]
        self._gathering.noise += sorts.count(NOISE)
        is_try = list(map(TRY.__eq__, sorts))
        self._gathering.add_line_tries(self._groups, compress(new, is_try), compress(moments, is_try))
        for meaning in meanings:
            if meaning[0] < NOISE:
                self._gathering.refuse(meaning.problem)
        return True

    def _take_successes(
        self, rests: Sequence[str], times: Sequence[float], is_known: Sequence[bool], meanings: Iterable[Meaning]
    ) -> None:
        """The first time of every success; what comes newest first, as from Splunk, needs no comparing."""
        told = iter(meanings)
        is_success = [known or next(told)[0] == SUCCESS for known in is_known]
        lines, moments = list(compress(rests, is_success)), list(compress(times, is_success))
        if not moments:
            return
        kept = self._groups.successes
        before = len(kept)
        in_order = sorted(moments, reverse=True)
        if in_order == moments and in_order[0] <= self._oldest:
            kept.update(zip(lines, moments))
        else:
            for line, moment in zip(lines, moments):
                known = kept.get(line)
                if known is None or moment < known:
                    kept[line] = moment
        self._oldest = min(self._oldest, in_order[-1])
        self._gathering.added_successes(len(lines), len(kept) - before)
        self._gathering.shorten(self._groups)


def _apart(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before and behind the first comma of each line."""
    width = len(lines[0].partition(",")[0])
    heads = [line[:width] for line in lines]
    # Times of one log are nearly always of one length, and to cut there is half the work of looking for the comma.
    is_even = all(map(",".__eq__, [line[width : width + 1] for line in lines]))
    if is_even and not any(map(contains, heads, repeat(","))):
        return heads, [line[width + 1 :] for line in lines]
    parts = [line.partition(",") for line in lines]
    return [part[0] for part in parts], [part[2] for part in parts]
