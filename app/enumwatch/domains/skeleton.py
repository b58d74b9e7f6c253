"""The skeleton of a text: two texts with one skeleton look the same on a screen.

After Unicode Technical Standard 39, section 4, with the character table of the package `confusable_homoglyphs`; marks
above and below letters are dropped as well, and `vv` counts as `w`.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from confusable_homoglyphs import utils

_DIRECTION_MARK = "\u200e"


def skeleton(text: str) -> str:
    """Return the skeleton of a text, in lower case."""
    table = _prototypes()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "".join(table.get(character, character) for character in bare).lower().replace("vv", "w")


@cache
def _prototypes() -> dict[str, str]:
    """Map each character to what stands for all that look like it.

    The package lists look-alikes both ways without saying which is the prototype. Groups are stars around it, so it is
    the entry with most look-alikes; a sequence such as `rn` always is, because only single characters are replaced.
    """
    likes: dict[str, list[str]] = {}
    for character, rows in utils.load("confusables.json").items():
        # Letters written from right to left come wrapped in direction marks.
        likes[character.strip(_DIRECTION_MARK)] = [row["c"].strip(_DIRECTION_MARK) for row in rows]
    prototypes = {}
    for character, others in likes.items():
        best = max([character, *others], key=lambda one: (len(one) > 1, len(likes.get(one, ())), one.isascii(), one))
        if len(character) == 1 and best != character:
            prototypes[character] = best
    return prototypes
