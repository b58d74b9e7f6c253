"""Labelled events in the raw shape of each log source, to try detections on. No attack traffic, only log lines."""

from __future__ import annotations

from .demo import write_demo
from .event import SimEvent, SimulateError
from .run import SimulationResult, scenarios, simulate
from .shapes import SHAPES
from .story import Scenario

__all__ = ["SHAPES", "Scenario", "SimEvent", "SimulateError", "SimulationResult", "scenarios", "simulate", "write_demo"]
