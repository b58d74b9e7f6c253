"""Navigator: a layer of the ATT&CK Navigator (format 4.5) of what an installation sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .attack import VERSION, technique

LAYER_FORMAT = "4.5"
_NAVIGATOR = "5.1.0"
_PALEST, _FULL = "#fde9d9", "#1a7f37"
_BY_SCORE = 3  # order of the cells: ascending and descending name are 0 and 1, score 2 and 3


class Seen(NamedTuple):
    """How many logs tell of a technique, and what is missing."""

    score: int
    comment: str


def layer(
    techniques: Mapping[str, tuple[int, str]], name: str, description: str, most: int | None = None
) -> dict[str, Any]:
    """The layer of technique → (score, comment); scores are whole numbers from 0, up to `most` or counts of logs."""
    legend = ("nothing of it is seen", "all of it is seen") if most is not None else None
    most = most or max([1, *(score for score, _ in techniques.values())])
    palest, full = legend or (
        "no log that tells of it was read",
        f"{most} of its logs read" if most > 1 else "its log read",
    )
    return {
        "name": name,
        "versions": {"attack": VERSION, "navigator": _NAVIGATOR, "layer": LAYER_FORMAT},
        "domain": "enterprise-attack",
        "description": description,
        "sorting": _BY_SCORE,
        "layout": {"layout": "side", "showID": True, "showName": True},
        "hideDisabled": False,
        "techniques": [
            {
                "techniqueID": id,
                "tactic": technique(id).phase,
                "score": score,
                "comment": comment,
                "enabled": True,
                "showSubtechniques": True,
            }
            for id, (score, comment) in sorted(techniques.items())
        ],
        "gradient": {"colors": [_PALEST, _FULL], "minValue": 0, "maxValue": most},
        "legendItems": [
            {"label": palest, "color": _PALEST},
            {"label": full, "color": _FULL},
        ],
    }


def coverage(rulebook: Mapping[str, Any], read: Iterable[str] | None) -> dict[str, Seen]:
    """What the rules see by technique, of the sources read; None stands for every source there is.

    The score counts the sources; the comment names them, those not read, and what they cannot show.
    """
    sources = rulebook["sources"]
    known = set(sources) if read is None else set(read) & set(sources)
    made = {}
    for id in sorted({one for rule in rulebook["detections"].values() for one in rule["techniques"]}):
        rules = [rule for rule in rulebook["detections"].values() if id in rule["techniques"] and rule["enabled"]]
        telling = sorted(name for name, one in sources.items() if any(_tells(one, rule) for rule in rules))
        made[id] = Seen(len(known & set(telling)), "\n".join(_comment(telling, known, rules, sources)))
    return made


def _tells(source: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """True where a rule reads a source: by what kinds of events it has, or because it names it."""
    if rule["sources"]:
        return bool(set(rule["sources"]) & set(source["emits"]))
    return bool(set(rule["kinds"]) & set(source["kinds"]))


def _comment(
    telling: list[str], known: set[str], rules: list[Mapping[str, Any]], sources: Mapping[str, Any]
) -> Iterable[str]:
    yield f"Rules: {', '.join(sorted(rule['id'] for rule in rules)) or 'none'}"
    yield f"Read: {', '.join(one for one in telling if one in known) or 'none'}"
    missing = [one for one in telling if one not in known]
    if missing:
        yield f"Not read: {', '.join(missing)}"
    for one in telling:
        if one in known:
            yield f"Gap of {one}: {sources[one]['visibility']['note']}"
