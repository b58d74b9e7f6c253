"""Tuned: a finding that was made under limits other than the shipped ones says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Mapping

from .verdict import Verdict
from .watching import WATCHING


def with_note(verdict: Verdict, rulebook: Mapping[str, Any]) -> Verdict:
    """The verdict, with a reason more where an overlay changed limits that it rests on."""
    changed = ", ".join(_changed(verdict.detection, rulebook["detections"]))
    if not changed:
        return verdict
    return replace(verdict, reasons=[*verdict.reasons, f"Made under tuned limits: {changed}"])


def _changed(detection: str, rules: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Every changed limit of the rule, and of those it is decided together with."""
    for name in WATCHING if detection in WATCHING else (detection,):
        tuned = rules.get(name, {}).get("tuned")
        if tuned:
            for limit, told in tuned["limits"].items():
                yield f"{name}.{limit} = {told} in {tuned['by']}"
