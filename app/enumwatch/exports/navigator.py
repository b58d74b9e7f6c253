"""Navigator: a layer of the ATT&CK Navigator (format 4.5) of what an installation sees, as its visibility report scores it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..visibility.every_log import EVERY_LOG
from ..visibility.report import FULL_SCORE, navigator_scores
from .attack import VERSION, technique

LAYER_FORMAT = "4.5"
_NAVIGATOR = "5.1.0"
_PALEST, _FULL = "#fde9d9", "#1a7f37"
_BY_SCORE = 3  # order of the cells: ascending and descending name are 0 and 1, score 2 and 3


def layer_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """The layer of a visibility report, whatever origin it is of."""
    what = f"What these logs show of each technique, up to {report['known_until']}"
    if report["origin"] == EVERY_LOG:
        what = "What all logs that can be read would show of each technique together"
    return layer(navigator_scores(report), "enumwatch visibility", f"{what}; {FULL_SCORE} would be every way of attack")


def layer(techniques: Mapping[str, tuple[int, str]], name: str, description: str) -> dict[str, Any]:
    """The layer of technique → (score, comment); scores are whole numbers from 0 to FULL_SCORE."""
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
        "gradient": {"colors": [_PALEST, _FULL], "minValue": 0, "maxValue": FULL_SCORE},
        "legendItems": [
            {"label": "nothing of it is seen", "color": _PALEST},
            {"label": "all of it is seen", "color": _FULL},
        ],
    }
