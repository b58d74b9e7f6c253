"""Decoys: names of the organisation's own form that nobody has, where somebody calling the roll meets them early."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from ..core.address import AddressBook, canonical_domain
from ..core.name_pattern import pattern_of
from ..report.csv import rows_csv
from ..simulate.names import FAMILY, GIVEN

COLUMNS = ("account", "tenant", "kind")
DECOY = "decoy"
_STRIDE = 37
_FORMS = {
    "first.last": "{first}.{last}",
    "first_last": "{first}_{last}",
    "first-last": "{first}-{last}",
    "f.last": "{f}.{last}",
    "f_last": "{f}_{last}",
    "f-last": "{f}-{last}",
    "first.l": "{first}.{l}",
    "first_l": "{first}_{l}",
    "first-l": "{first}-{l}",
    "flast": "{f}{last}",
    "firstl": "{first}{l}",
}


class Decoys(NamedTuple):
    """Accounts suggested for one mail domain, each with how many known names a list in order tries before it.

    `share` of the `known` names have `form`; `why` there are none is "" where there are some.
    """

    domain: str
    form: str
    share: float
    known: int
    accounts: tuple[tuple[str, int], ...]
    why: str


def decoys_of(exist: Iterable[str], seen: Iterable[str], own: Set[str], number: int, least_share: float) -> Decoys:
    """`number` decoys at the mail domain that most names that `exist` have, of the `own` domains where any is known.

    All names `seen` in the logs are taken. Of each decoy another letter begins the name, and it comes before every known
    name of that letter where it can: a list in order meets it first there, and a list cut anywhere meets some.
    """
    book = AddressBook()
    known = {book.key(name) for name in exist if "@" in name}
    domains = Counter(name.rpartition("@")[2] for name in known)
    wanted = {one: times for one, times in domains.items() if canonical_domain(one) and (one in own or not own)}
    if not wanted:
        return Decoys("", "", 0.0, 0, (), "nobody is known to sign in with an address at an own domain")
    domain = min(wanted, key=lambda one: (-wanted[one], one))
    ordered = sorted(name.rpartition("@")[0] for name in known if name.endswith(f"@{domain}"))
    pattern = pattern_of(ordered)
    form, share = (pattern.form, pattern.share) if pattern is not None else ("", 0.0)
    if form not in _FORMS or share < least_share:
        return Decoys(domain, form, share, len(ordered), (), "the known names are not made in one way")
    taken = {*known, *(book.key(name) for name in seen)}
    chosen = _spread(_candidates(form, domain, taken), ordered, number)
    accounts = tuple((f"{local}@{domain}", bisect_left(ordered, local)) for local in chosen)
    return Decoys(domain, form, share, len(ordered), accounts, "" if accounts else "every made-up name is taken")


def csv_lines(decoys: Decoys) -> Iterator[str]:
    """Rows for the table of sensitive accounts, with its header; they hold for every tenant."""
    return rows_csv(COLUMNS, ((account, "", DECOY) for account, _ in decoys.accounts))


def _candidates(form: str, domain: str, taken: set[str]) -> list[str]:
    made = {_FORMS[form].format(first=first, last=last, f=first[0], l=last[0]) for first in GIVEN for last in FAMILY}
    return sorted(one for one in made if f"{one}@{domain}" not in taken)


def _spread(candidates: Sequence[str], ordered: Sequence[str], number: int) -> list[str]:
    """One candidate of each of so many letters, spread evenly over those that begin known names."""
    first_known = {one[0]: one for one in reversed(ordered)}
    by_letter: dict[str, list[str]] = {}
    for one in candidates:
        by_letter.setdefault(one[0], []).append(one)
    letters = [letter for letter in sorted(first_known) if letter in by_letter]
    step = max(1.0, len(letters) / max(1, number))
    chosen = []
    for turn in range(min(number, len(letters))):
        of_letter = by_letter[letters[int(turn * step)]]
        early = [one for one in of_letter if one < first_known[one[0]]] or of_letter
        # Not always the very first: six people of one family would tell what they are.
        chosen.append(early[turn * _STRIDE % len(early)])
    return chosen
