"""Names one slip of the finger apart: a letter missing, added, replaced or swapped with the next."""

from __future__ import annotations

from typing import Dict, Iterator, List, Set, Tuple, Union

_SHORT = 8  # letters of a local part up to which it is looked at as a whole
_WINDOW = 4
_STEP = _WINDOW - 1
_CROWD = 16  # so many names are compared one by one


def is_one_edit(a: str, b: str) -> bool:
    """Return whether exactly one insertion, deletion, replacement or swap of neighbours turns a into b."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = 0
    shorter = min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    if len(a) != len(b):
        longer, other = (a, b) if len(a) > len(b) else (b, a)
        return longer[start + 1 :] == other[start:]
    if a[start + 1 :] == b[start + 1 :]:
        return True
    swapped = a[start + 1 : start + 2] + a[start]
    return swapped == b[start : start + 2] and a[start + 2 :] == b[start + 2 :]


def edit_distance(a: str, b: str, limit: int) -> int:
    """Return the edits (insert, delete, replace, swap of neighbours) between a and b, or limit + 1 when more.

    This is the restricted Damerau distance (optimal string alignment): no part is edited twice.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: List[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


class NeighbourIndex:
    """Known names, found by any name one edit away.

    An edit changes at most four letters in a row, of which windows that overlap by one letter always hold a whole one. So each
    name is kept under what is left of it without each window of its local part; the domain must be equal, because a mistyped
    domain never reaches the owner's log. Where too many names are left alike, and for short names, what the window held
    is looked at as well: two texts one edit apart share a form with at most one letter deleted.
    """

    def __init__(self) -> None:
        # What is left is kept by hash: a chance collision only costs one more comparison. An empty list is a crowd.
        self._by_rest: Dict[int, Union[str, List[str]]] = {}
        self._names: Set[str] = set()

    def __len__(self) -> int:
        return len(self._names)

    def add(self, name: str) -> None:
        """Add a known name; adding it again changes nothing."""
        if name in self._names:
            return
        self._names.add(name)
        local, place = _split(name)
        length = len(local)
        if length <= _SHORT:
            self._add_forms(name, "", local, place)
            return
        for begin in range(0, length - 1, _STEP):
            head, rest = local[:begin], local[begin + _WINDOW :] + place
            key = hash(f"{head}\0{rest}")
            held = self._by_rest.get(key)
            if held is None:
                self._by_rest[key] = name
            elif held:
                held = [held, name] if isinstance(held, str) else [*held, name]
                if len(held) <= _CROWD:
                    self._by_rest[key] = held
                    continue
                self._by_rest[key] = []
                for one in held:
                    self._add_forms(one, head, one[begin : len(one) - len(rest)], rest)
            else:
                self._add_forms(name, head, local[begin : begin + _WINDOW], rest)

    def _add_forms(self, name: str, head: str, middle: str, rest: str) -> None:
        for form in _forms(middle):
            key = hash((head, form, rest))
            held = self._by_rest.get(key)
            self._by_rest[key] = name if held is None else [held, name] if isinstance(held, str) else [*held, name]

    def has_neighbour(self, name: str) -> bool:
        """Return whether a known name is exactly one edit away; the name itself is no neighbour."""
        return next(self._neighbours(name), None) is not None

    def neighbours(self, name: str) -> List[str]:
        """Return the known names exactly one edit away, sorted."""
        return sorted(set(self._neighbours(name)))

    def _neighbours(self, name: str) -> Iterator[str]:
        local, place = _split(name)
        for held in self._alike(local, place):
            for known in (held,) if isinstance(held, str) else held:
                known_local, known_place = _split(known)
                if place == known_place and is_one_edit(local, known_local):
                    yield known

    def _alike(self, local: str, place: str) -> Iterator[Union[str, List[str]]]:
        """Known names that share the most of their letters with a name, many of them several times."""
        known_under, length = self._by_rest.get, len(local)
        if length <= _SHORT + 1:
            yield from self._of_forms("", local, place)
        for begin in range(0, length, _STEP):
            head = local[:begin]
            # A known name may be as long, or one letter shorter or longer, and its last window may end before a whole one.
            ends = {max(0, known - begin - _WINDOW) for known in (length - 1, length, length + 1) if known - 1 > begin}
            for end in ends:
                rest = (local[length - end :] if end else "") + place
                held = known_under(hash(f"{head}\0{rest}"))
                if held:
                    yield held
                elif held is not None:
                    yield from self._of_forms(head, local[begin : length - end], rest)

    def _of_forms(self, head: str, middle: str, rest: str) -> Iterator[Union[str, List[str]]]:
        for form in _forms(middle):
            held = self._by_rest.get(hash((head, form, rest)))
            if held is not None:
                yield held


def _split(name: str) -> Tuple[str, str]:
    """Return the part that may be mistyped, and the rest from the at-sign on."""
    local, at, domain = name.rpartition("@")
    return (local, at + domain) if at else (name, "")


def _forms(text: str) -> Iterator[str]:
    """The text, and it without each of its letters in turn."""
    yield text
    previous = ""
    for position, letter in enumerate(text):
        if letter == previous:
            continue  # deleting either of two equal letters leaves the same form
        previous = letter
        yield text[:position] + text[position + 1 :]
