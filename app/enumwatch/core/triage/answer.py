"""Answer: yes, no or not enough evidence, with the measures it rests on."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Sequence

YES, NO, UNKNOWN = "yes", "no", "not enough evidence"
_MOST_SHOWN = 10


class Answer(NamedTuple):
    """One answer. `missing` are logs and lookups that could have answered it."""

    answer: str
    because: str
    evidence: Dict[str, Any]
    missing: List[str]

    def to_dict(self) -> Dict[str, Any]:
        """The answer as plain values."""
        return {
            "answer": self.answer,
            "because": self.because,
            "evidence": dict(self.evidence),
            "missing": list(self.missing),
        }


def yes(because: str, **evidence: Any) -> Answer:
    """The evidence shows it."""
    return Answer(YES, because, evidence, [])


def no(because: str, **evidence: Any) -> Answer:
    """What would show it was read, and does not."""
    return Answer(NO, because, evidence, [])


def unknown(because: str, missing: Sequence[str] = (), **evidence: Any) -> Answer:
    """What would show it was not read."""
    return Answer(UNKNOWN, because, evidence, list(missing))


def listed(some: Iterable[Any], most: int = _MOST_SHOWN) -> str:
    """Values as a text of at most so many of them, and how many more there are."""
    texts = [
        ", ".join(str(value) for value in one.values()) if isinstance(one, Mapping) else str(one) for one in some if one
    ]
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")
