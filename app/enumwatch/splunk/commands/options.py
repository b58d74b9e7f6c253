"""Options: what an analyst may write behind `name=`, read; a wrong value ends in what to write instead."""

from __future__ import annotations

from collections.abc import Collection

from .speech import CommandError, shown

_YES = frozenset({"1", "t", "true", "y", "yes"})
_NO = frozenset({"0", "f", "false", "n", "no"})


def switch(name: str, text: object) -> bool:
    """True or False of an option's text; raises CommandError for anything else."""
    word = str(text).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CommandError(f"{name}={shown(text)} is neither yes nor no: write {name}=true or {name}=false")


def names(option: str, text: str, known: Collection[str], what: str) -> list[str]:
    """Names joined by commas, each one of `known`; raises CommandError."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    choice = f"choose from {', '.join(sorted(known))}"
    if not found:
        raise CommandError(f"{option} names no {what}: {choice}")
    for one in found:
        if one not in known:
            raise CommandError(f"there is no {what} {shown(one)}: {choice}")
    return list(dict.fromkeys(found))


def number(option: str, text: object, least: int, most: int) -> int:
    """A whole number of an option's text; raises CommandError where it is none or out of range."""
    try:
        found = int(str(text).strip())
    except ValueError:
        found = least - 1
    if not least <= found <= most:
        raise CommandError(f"{option}={shown(text)} cannot be: give a whole number from {least} to {most}")
    return found
