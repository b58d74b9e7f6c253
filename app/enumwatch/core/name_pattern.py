"""Name pattern: the one form that most of a list of names has, as `first.last` or `flast`."""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

WORD = "word"  # letters only, made of nothing that could be told
COUNTED = "word and number"
NUMBER = "number"

_DIGITS = "0123456789"
_LETTERS = r"[^\W\d_]"
_TWO_PARTS = re.compile(rf"({_LETTERS}+)([._-])({_LETTERS}+)(\d*)")
_ONE_PART = re.compile(rf"({_LETTERS}+)(\d*)")
# Shorter rests are shared by chance: half of all surnames end alike in two letters.
_SHORTEST_REST = 3


class Pattern(NamedTuple):
    """The form that most names have, and the share of the names that have it (0 to 1)."""

    form: str
    share: float

    @property
    def is_made_up(self) -> bool:
        """True where the form says how a name is put together; single words are of no form."""
        return self.form != WORD


def pattern_of(names: Iterable[str]) -> Optional[Pattern]:
    """The commonest form of these names (with or without a domain), None where no name has any; of equals the first in order.

    Forms are `first.last`, `f.last`, `first.l` (also with `_` or `-`, and ending in `#` for a number), `flast`, `firstl`,
    `word`, `word and number`, `number`. Single words are told apart by each other: `flast` are those that share all but
    their first letter with another one, as asmith and bsmith do, `firstl` those that share all but their last.
    """
    return pattern_of_shapes(shapes_of(names))


def pattern_of_shapes(shapes: Mapping[str, int]) -> Optional[Pattern]:
    """The same of names whose shapes were counted already."""
    total = sum(shapes.values())
    forms: Dict[str, int] = {}
    words: List[str] = []
    for shape, times in shapes.items():
        form = _form_of(shape)
        if form == WORD:
            words += [shape] * times
        elif form:
            forms[form] = forms.get(form, 0) + times
    forms.update(_forms_of_words(words))
    best = min(forms.items(), key=lambda one: (-one[1], one[0]), default=None)
    return None if best is None or not best[1] else Pattern(best[0], best[1] / total)


def shapes_of(names: Iterable[str]) -> Dict[str, int]:
    """How many of these names have each local part in lower case, whatever the number at its end is."""
    shapes: Dict[str, int] = {}
    for name in names:
        local = name.partition("@")[0].lower()
        bare = local.rstrip(_DIGITS)
        shape = local if len(bare) == len(local) else bare + "1"
        shapes[shape] = shapes.get(shape, 0) + 1
    return shapes


def _form_of(local: str) -> str:
    if local.isdigit():
        return NUMBER
    one = _ONE_PART.fullmatch(local)
    if one is not None:
        return COUNTED if one.group(2) else WORD
    two = _TWO_PARTS.fullmatch(local)
    if two is None:
        return ""
    first, separator, last, number = two.groups()
    form = ("first" if len(first) > 1 else "f") + separator + ("last" if len(last) > 1 else "l")
    return form + ("#" if number else "")


def _forms_of_words(words: Sequence[str]) -> List[Tuple[str, int]]:
    """How many of these single words are an initial and a name, a name and an initial, and neither."""
    flast = _sharing([(word[1:], word[:1]) for word in words])
    firstl = _sharing([(word[:-1], word[-1:]) for word in words])
    if not flast and not firstl:
        return [(WORD, len(words))]
    form, number = ("flast", flast) if flast >= firstl else ("firstl", firstl)
    # Names that nobody shares are of the same form where most are: a list has rare surnames too.
    return [(form, len(words)), (WORD, 0)] if 2 * number >= len(words) else [(WORD, len(words))]


def _sharing(parts: Sequence[Tuple[str, str]]) -> int:
    """How many of these (rest, letter) have a rest that another has with another letter."""
    letters: Dict[str, Set[str]] = {}
    for rest, letter in parts:
        if len(rest) >= _SHORTEST_REST:
            letters.setdefault(rest, set()).add(letter)
    return sum(1 for rest, _ in parts if len(letters.get(rest, ())) > 1)
