"""Clean text: what counts as a value, as SQL macros that every way of reading shares."""

from __future__ import annotations

from ...core.event import EMPTY_TEXTS

_EMPTY = ", ".join(f"'{text}'" for text in EMPTY_TEXTS)
_LONGEST_EMPTY = max(map(len, EMPTY_TEXTS))

MACROS = (
    # A value that begins and ends with something else than a space, tab or line end, as nearly all do, is told by
    # comparisons that cost next to nothing; only the others are searched for where their text begins and ends.
    """CREATE MACRO trimmed(x) AS CASE
        WHEN x > '!' AND NOT (suffix(x, ' ') OR suffix(x, chr(10)) OR suffix(x, chr(13)) OR suffix(x, chr(9))) THEN x
        ELSE trim(x, chr(32) || chr(9) || chr(10) || chr(13)) END""",
    # Most texts are longer than any that means nothing, and their length is there to be read.
    f"CREATE MACRO meaningful(x) AS CASE WHEN strlen(x) > {_LONGEST_EMPTY} OR x NOT IN ({_EMPTY}) THEN x END",
    "CREATE MACRO cleaned(x) AS meaningful(trimmed(x))",
    # The same as `meaningful(x) IS NOT NULL`, for conditions: there DuckDB works out anew what a macro repeats.
    f"CREATE MACRO is_meaningful(x) AS coalesce(x NOT IN ({_EMPTY}), false)",
)


def trimmed(sql: str) -> str:
    """The text without spaces, tabs and line ends around it."""
    return f"trimmed({sql})"


def cleaned(sql: str) -> str:
    """The trimmed text; NULL for one that means nothing."""
    return f"cleaned({sql})"


def meaningful(sql: str) -> str:
    """NULL for a text that means nothing, the text as it stands for any other."""
    return f"meaningful({sql})"


def has_cleaned(sql: str) -> str:
    """True where the trimmed text means something."""
    return f"is_meaningful(trimmed({sql}))"


def has_meaningful(sql: str) -> str:
    """True for a text that means something as it stands."""
    return f"is_meaningful({sql})"


def each_cleaned(texts: str) -> str:
    """A list of texts (SQL), each cleaned. A macro repeats its argument, so a long one is best handed over this way."""
    return f"list_transform({texts}, lambda one: cleaned(one))"
