"""Names that look made by a machine: rising numbers behind one stem, and letters in no order of any language."""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Set

_NUMBERED = re.compile(r"(.*[a-z._-])(\d{1,4})")
# Honest names with numbers behind them: people counted by their role, and things.
_HONEST_STEMS = re.compile(
    r".*(student|pupil|schueler|teacher|class|room|lab|kiosk|exam|trainee|training|course|workshop|visitor|guest|scanner|"
    r"printer|phone|desk|test|temp|pool|device|seat|ward|shop|store|till|van|team)[._-]?"
)
_VOWELS = frozenset("aeiouy")
_SHORTEST_RANDOM = 7
_LONGEST_CONSONANTS = 5


def is_random(local: str) -> bool:
    """Whether a login name is letters and digits in no order: they alternate often, or hardly any letter is a vowel."""
    text = re.sub(r"[._-]", "", local.lower())
    if len(text) < _SHORTEST_RANDOM or not text.isascii():
        return False
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < 4:
        return False  # a number, as staff and students have
    changes = len(re.findall(r"(?<=[0-9])(?=[^0-9])|(?<=[^0-9])(?=[0-9])", text))
    if changes >= 3:
        return True
    vowels = sum(1 for letter in letters if letter in _VOWELS)
    runs = max((len(run) for run in re.findall(r"[bcdfghjklmnpqrstvwxz]+", text)), default=0)
    return vowels < 0.15 * len(letters) or runs > _LONGEST_CONSONANTS


def numbered(locals_: Iterable[str], least: int) -> Set[str]:
    """Login names that share a stem and count upwards behind it, at least `least` of them within twice as many numbers."""
    stems: Dict[str, Dict[int, str]] = {}
    for local in locals_:
        found = _NUMBERED.fullmatch(local.lower())
        if found is not None and not _HONEST_STEMS.fullmatch(found.group(1)):
            stems.setdefault(found.group(1), {})[int(found.group(2))] = local
    made: Set[str] = set()
    for numbers in stems.values():
        values: List[int] = sorted(numbers)
        if len(values) >= least and values[-1] - values[0] < 2 * len(values):
            made.update(numbers.values())
    return made


def machine_made(locals_: Iterable[str], least: int) -> Set[str]:
    """Of these login names those that look made by a machine."""
    names = sorted(set(locals_))
    return numbered(names, least) | {name for name in names if is_random(name)}
