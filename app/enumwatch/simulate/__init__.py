"""Labelled events in the raw shape of each log source, to try detections on. No attack traffic, only log lines."""

from __future__ import annotations

from .coverage import matrix
from .demo import write_demo
from .event import SimEvent, SimulateError
from .everything import write_everything
from .run import SimulationResult, scenarios, simulate
from .shapes import SHAPES
from .story import Scenario
from .verify import Comparison, compare, report

__all__ = [
    "SHAPES",
    "Comparison",
    "Scenario",
    "SimEvent",
    "SimulateError",
    "SimulationResult",
    "compare",
    "matrix",
    "report",
    "scenarios",
    "simulate",
    "write_demo",
    "write_everything",
]
