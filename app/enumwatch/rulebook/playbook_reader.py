"""Reads a playbook file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .document import Document
from .limit_reader import LimitReader
from .playbook import Collected, Handover, LogSource, Playbook, PlaybookStep, Question
from .problems import Trail, place
from .vocabulary import COMPUTED, FILLABLE, KINDS, NAME_ACTIONS, NAME_TIMES, STEP_KINDS, TECHNIQUES

_REQUIRED = (
    *("id", "title", "technique", "version", "log_sources", "indicators", "questions", "escalate"),
    *("l1", "tier2", "containment"),
)
_TELLING = ("log_sources", "indicators", "questions", "escalate", "limits", "collect")  # texts that may name a limit
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def read_playbook(document: Document) -> Playbook:
    """Return the playbook a document describes; faults are noted in the document."""
    return _PlaybookReader(document).playbook()


class _PlaybookReader(LimitReader):
    def playbook(self) -> Playbook:
        """The whole file."""
        content = self.mapping(self.document.value, (), _REQUIRED, ("limits", "collect", "handover"))
        escalate = self.take(content, "escalate", self._conditions, {})
        self._escalate_keys = tuple(escalate)
        playbook = Playbook(
            id=self.take(content, "id", self.text, ""),
            title=self.take(content, "title", self.text, ""),
            technique=self.take(content, "technique", self.one_of(tuple(TECHNIQUES)), ""),
            version=self.take(content, "version", self.whole_from_one, 1),
            limits=self.take(content, "limits", self.limits, {}),
            log_sources=self.take(content, "log_sources", self._log_sources, ()),
            indicators=self.take(content, "indicators", self.texts, ()),
            questions=self.take(content, "questions", self._questions, {}),
            escalate=escalate,
            l1=self.take(content, "l1", self._steps, ()),
            tier2=self.take(content, "tier2", self._steps, ()),
            containment=self.take(content, "containment", self._steps, ()),
            handover=self.take(content, "handover", self._handover, None),
            content=content,
            document=self.document,
            collect=self.take(content, "collect", lambda some, where: self.items(some, where, self._collected), ()),
        )
        self.check_named_limits(content, _TELLING, playbook.limits)
        self._check_steps(playbook)
        if "technique" in content and "id" in content and playbook.id != playbook.technique:
            self.add(("technique",), "the technique is not the id", playbook.id, playbook.technique)
        return playbook

    def _log_sources(self, value: Any, trail: Trail) -> tuple[LogSource, ...]:
        return self.items(value, trail, self._log_source)

    def _log_source(self, value: Any, trail: Trail) -> LogSource:
        content = self.mapping(value, trail, ("source", "look_for"), ())
        return LogSource(
            self.take(content, "source", self.name, "", trail), self.take(content, "look_for", self.text, "", trail)
        )

    def _collected(self, value: Any, trail: Trail) -> Collected:
        content = self.mapping(value, trail, ("what",), ("source",))
        return Collected(
            self.take(content, "what", self.text, "", trail), self.take(content, "source", self.name, "", trail)
        )

    def _numbered(self, value: Any, trail: Trail, letter: str) -> Mapping[str, Any]:
        """A mapping whose keys are Q1, Q2, … without a hole; a plus after a number marks its stronger form."""
        content = self.any_mapping(value, trail)
        number = 0
        for key in content:
            if key == f"{letter}{number}+" and number:
                continue
            number += 1
            if key != f"{letter}{number}":
                self.add((*trail, key), f"{place((*trail, key))} is out of order", f"{letter}{number}", key)
        return content

    def _questions(self, value: Any, trail: Trail) -> Mapping[str, Question]:
        return {key: self._question(inner, (*trail, key)) for key, inner in self._numbered(value, trail, "Q").items()}

    def _question(self, value: Any, trail: Trail) -> Question:
        content = self.mapping(value, trail, ("question", "computed", "needs"), ())
        question = self.take(content, "question", self.text, "", trail)
        if question and not question.endswith("?"):
            self.add((*trail, "question"), f"{place(trail)} is no question", "a text that ends in ?", question[-20:])
        return Question(
            question,
            self.take(content, "computed", self.one_of(COMPUTED), "", trail),
            self.take(content, "needs", self.some_of(KINDS), (), trail),
        )

    def _conditions(self, value: Any, trail: Trail) -> Mapping[str, str]:
        conditions = {}
        for key, inner in self._numbered(value, trail, "E").items():
            content = self.mapping(inner, (*trail, key), ("condition",), ())
            conditions[key] = self.take(content, "condition", self.text, "", (*trail, key))
        return conditions

    def _steps(self, value: Any, trail: Trail) -> tuple[PlaybookStep, ...]:
        return self.items(value, trail, self._step)

    def _step(self, value: Any, trail: Trail) -> PlaybookStep:
        content = self.mapping(value, trail, ("step", "kind"), ("when", "hurts"))
        text = self.take(content, "step", self.text, "", trail)
        when = self.take(content, "when", self.texts, (), trail)
        for number, key in enumerate(when):
            if key not in self._escalate_keys:
                where, known = (*trail, "when", number), ", ".join(self._escalate_keys)
                self.add(where, f"{place(where)} is no condition of this playbook", f"one of {known}", key)
        hurts = self.take(content, "hurts", self.text, "", trail)
        return PlaybookStep(text, self.take(content, "kind", self.one_of(STEP_KINDS), "", trail), when, hurts)

    def _handover(self, value: Any, trail: Trail) -> Handover:
        content = self.mapping(value, trail, ("names", "decoys"), ())
        names = self.mapping(content.get("names", {}), (*trail, "names"), NAME_ACTIONS, ())
        actions = {name: self.text(text, (*trail, "names", name)) for name, text in names.items()}
        return Handover(actions, self.take(content, "decoys", self.texts, (), trail))

    def _check_steps(self, playbook: Playbook) -> None:
        """Steps and actions may name values of a finding as well as limits."""
        texts: dict[Trail, tuple[str, tuple[str, ...]]] = {
            (part, number, key): (getattr(step, key), FILLABLE)
            for part in ("l1", "tier2", "containment")
            for number, step in enumerate(getattr(playbook, part))
            for key in ("step", "hurts")
        }
        if playbook.handover is not None:
            actions = playbook.handover.names
            texts |= {("handover", "names", name): (text, NAME_TIMES) for name, text in actions.items()}
        for where, (text, values) in texts.items():
            known = (*values, *playbook.limits)
            for name in _PLACEHOLDER.findall(text):
                if name not in known:
                    what = f"{place(where if where[0] == 'handover' else where[:-1])} names {{{name}}}"
                    self.add(where, what, "one of " + ", ".join(known), name)
