"""Names one slip of the finger apart: a letter missing, added, replaced or swapped with the next."""

from __future__ import annotations

from typing import Dict, Iterator, List, Tuple, Union


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


class DeleteOneIndex:
    """Known names, found by any name one edit away.

    Two names one edit apart share a form with at most one letter deleted, so each name is kept under all such forms of
    its local part; the domain must be equal, because a mistyped domain never reaches the owner's log. A name of n
    letters costs about n + 1 dictionary entries of 100 bytes.
    """

    def __init__(self) -> None:
        # Forms are kept by hash: a chance collision only costs one more comparison.
        self._by_form: Dict[int, Union[str, List[str]]] = {}
        self._names = 0

    def __len__(self) -> int:
        return self._names

    def add(self, name: str) -> None:
        """Add a known name; adding it again changes nothing."""
        whole = hash(name)
        if name in self._known_under(whole):
            return
        self._names += 1
        for form in _forms(name):
            held = self._by_form.get(form)
            if held is None:
                self._by_form[form] = name
            elif isinstance(held, str):
                self._by_form[form] = [held, name]
            else:
                held.append(name)

    def has_neighbour(self, name: str) -> bool:
        """Return whether a known name is exactly one edit away; the name itself is no neighbour."""
        return next(self._neighbours(name), None) is not None

    def neighbours(self, name: str) -> List[str]:
        """Return the known names exactly one edit away, sorted."""
        return sorted(set(self._neighbours(name)))

    def _neighbours(self, name: str) -> Iterator[str]:
        local, place = _split(name)
        known_under = self._by_form.get
        for form in _forms(name):
            held = known_under(form)
            if held is None:
                continue
            for known in (held,) if isinstance(held, str) else held:
                known_local, known_place = _split(known)
                if place == known_place and is_one_edit(local, known_local):
                    yield known

    def _known_under(self, form: int) -> List[str]:
        held = self._by_form.get(form)
        if held is None:
            return []
        return [held] if isinstance(held, str) else held


def _split(name: str) -> Tuple[str, str]:
    """Return the part that may be mistyped, and the rest from the at-sign on."""
    local, at, domain = name.rpartition("@")
    return (local, at + domain) if at else (name, "")


def _forms(name: str) -> Iterator[int]:
    local, place = _split(name)
    yield hash(name)
    previous = ""
    for position, letter in enumerate(local):
        if letter == previous:
            continue  # deleting either of two equal letters leaves the same form
        previous = letter
        yield hash(local[:position] + local[position + 1 :] + place)
