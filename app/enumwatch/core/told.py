"""Told: what was last said of an incident, so that only what is new is said again."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from .judgement import Judgement
from .tool import ToolMatch


class Told:
    """What was last said of an incident."""

    def __init__(self) -> None:
        self.verdict = ""
        self.judged: Optional[Judgement] = None  # the worst so far
        self.standing: Tuple[object, ...] = ()
        self.names = 1
        self.accounts = 0
        self.actor: Tuple[int, int, int] = (0, 0, 0)  # places, agents and client ids
        self.usual_before = -1  # begin of the day before which the usual was counted
        self.usual: Dict[str, Any] = {}
        self.score = 0
        self.decided_at = 0  # the event that decided what was last said
        self.observations = 0
        self.tool_sizes = (-1, -1)
        self.tools: List[ToolMatch] = []
        self.intelligence: List[Dict[str, str]] = []
        self.traits: List[str] = []  # of a machine, the most there were; later names may hide what earlier ones showed
        self.traits_names = 0  # how many names had been tried then
        self.traits_asked = 0  # how many had when traits were looked for last
