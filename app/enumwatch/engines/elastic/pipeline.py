"""Pipeline: what gives an event in Elasticsearch the fields of its contact while it is indexed.

One ingest pipeline for each source, made from the source's places of raw fields, rules and expressions. The scripts are
the same for all of them; what a source says is handed over as their parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...core.event import EMPTY_TEXTS, TRYING_KINDS
from ...core.outcome import FALLBACKS, OutcomeTable
from ...elastic.documents import LONGEST_TEXT
from ...elastic.names import CONTACT_FIELD, PREFIX
from ...lookups import load_lookups
from ...rulebook.condition import Absent, Condition, EndsNot, Matches, NoneOf, OneOf, Present
from ...rulebook.expression import fields_of
from ...rulebook.path import Index, Key
from ..local.shape import EVENT_FIELDS, EventRule, Shape
from ..local.shape import Path as RawPath
from .contacts import logs
from .program import program_of
from .rows import SPACES, TEXT_KEYS
from .stages import Stages

Body = dict[str, Any]

ERROR_FIELD = "enumwatch.contact_error"
# What is known of domains and networks; there only where the cluster can look things up.
TAGS_PIPELINE = f"{PREFIX}contact-tags"
_TEMPORARY = "enumwatch_temporary"
# Asking costs a tenth of a script that does nothing.
_GOES_ON = f"ctx.{_TEMPORARY} != null"
# Scripts that match patterns.
_MATCHING = frozenset({"rule", "found"})
_SCRIPTS = Path(__file__).with_name("painless")
# Everything that Python takes for white space, which may stand around an address.
_BLANKS = "".join(one for one in map(chr, range(0x10000)) if one.isspace())
_WANTED = tuple(name for name in EVENT_FIELDS if name != "time")
_TEXT_FIELDS = ("kind", "tenant", *TEXT_KEYS)


def pipeline_name(source: str) -> str:
    """The name of the ingest pipeline of a source."""
    return f"{PREFIX}contact-{source.replace('_', '-')}"


def pipelines(
    rulebook: Mapping[str, Any], outcomes: OutcomeTable | None = None, *, has_tags: bool = False
) -> dict[str, Body]:
    """The ingest pipeline of every source of a compiled rulebook that Elastic has an integration for, by name.

    The outcomes are those that are shipped where none are given. With tags the pipeline of `enrichment` is called too.
    """
    outcomes = outcomes or load_lookups().outcomes
    found = {pipeline_name(name): _pipeline(log.shape, outcomes) for name, log in logs(rulebook).items()}
    if has_tags:
        for body in found.values():
            # Where it fails, or what it looks up is missing, the contact is the same.
            body["processors"].append({"pipeline": {"tag": "tags", "name": TAGS_PIPELINE, "ignore_failure": True}})
    return found


def source_of(name: str) -> str:
    """The text of a script, with the matcher in front of those that need it."""
    return _source("matching") + _source(name) if name in _MATCHING else _source(name)


def _source(name: str) -> str:
    return (_SCRIPTS / f"{name}.painless").read_text(encoding="utf-8")


def script(name: str, params: Mapping[str, Any]) -> Body:
    """The processor that runs a script."""
    return {"script": {"tag": name, "lang": "painless", "source": source_of(name), "params": dict(params)}}


def texts_params(shape: Shape) -> Body:
    """What the first script is told: which events are records of this shape, and where their raw fields stand."""
    tests = [{"paths": [_steps(path)], "there": True} for path in shape.present]
    if shape.any_of:
        tests.append({"paths": [_steps(path) for path in shape.any_of], "there": True})
    tests += [{"paths": [_steps(path)], "there": False} for path in shape.absent]
    tests += [{"paths": [_steps(path)], "values": list(values)} for path, values in shape.equals]
    used = sorted(_used(shape))
    fields = [{"name": name, "paths": [_steps(path) for path in shape.fields[name]]} for name in used]
    return {"empties": list(EMPTY_TEXTS), "recognise": tests, "fields": fields}


def rule_params(rules: Iterable[EventRule]) -> Body:
    """What the second script is told: the conditions of each rule."""
    return {"rules": [[_test(field, condition) for field, condition in rule.when] for rule in rules]}


def address_params() -> Body:
    """What the script of addresses is told."""
    return {"blanks": _BLANKS}


def settle_params(shape: Shape, outcomes: OutcomeTable) -> Body:
    """What the last script is told: what each code says, and what texts may be like."""
    providers = [name for name in (shape.provider, FALLBACKS.get(shape.provider)) if name]
    return {
        "source": shape.source,
        "outcomes": [_outcomes(outcomes, provider) for provider in providers],
        "texts": list(_TEXT_FIELDS),
        "spaces": SPACES,
        "trying": sorted(TRYING_KINDS),
        # An index leaves longer ones out of its groups.
        "longest": LONGEST_TEXT,
    }


def _pipeline(shape: Shape, outcomes: OutcomeTable) -> Body:
    turns = Stages(shape.fields, _WANTED).of(shape.rules)
    # The first patterns are looked for by the script that finds the rule: a script costs more than what it does.
    first = turns.pop(0)[1]["rules"] if turns[0][0] == "found" else [[] for _ in shape.rules]
    asked = [("rule", {**rule_params(shape.rules), "found": first}), *turns, ("settle", settle_params(shape, outcomes))]
    processors = [script("texts", texts_params(shape))]
    processors += [_only_if(_GOES_ON, script(name, params)) for name, params in asked]
    processors.insert(-1, _only_if(_source("is_odd_address"), script("address", address_params())))
    return {
        "description": f"Gives events of {shape.source} the fields of their contact, {CONTACT_FIELD}.*",
        "processors": processors,
        "on_failure": _on_failure(),
    }


def _only_if(condition: str, processor: Body) -> Body:
    ((kind, settings),) = processor.items()
    return {kind: {**settings, "if": condition}}


def _on_failure() -> list[Body]:
    """Nothing that goes wrong here may cost the event; it says what went wrong, and makes no contact."""
    reason = "{{{_ingest.on_failure_processor_tag}}}: {{{_ingest.on_failure_message}}}"
    forgotten = [_TEMPORARY, CONTACT_FIELD]
    return [
        {"remove": {"field": forgotten, "ignore_missing": True, "ignore_failure": True}},
        {"set": {"field": ERROR_FIELD, "value": reason, "ignore_failure": True}},
    ]


def _used(shape: Shape) -> set[str]:
    """Raw fields that some rule reads; the time of an event is the cluster's business."""
    used = set(_WANTED)
    for rule in shape.rules:
        used.update(field for field, _ in rule.when)
        used.update(*(fields_of(value) for name, value in rule.set.items() if name in _WANTED))
    return used & set(shape.fields)


def _steps(path: RawPath) -> list[Any]:
    return [
        step.name if isinstance(step, Key) else step.position if isinstance(step, Index) else [step.key, step.value]
        for step in path
    ]


def _test(field: str, condition: Condition) -> list[Any]:
    if isinstance(condition, Present | Absent):
        return [field, "there", isinstance(condition, Present)]
    if isinstance(condition, OneOf):
        return [field, "one of", list(condition.values)]
    if isinstance(condition, NoneOf):
        return [field, "none of", list(condition.values)]
    if isinstance(condition, Matches):
        return [field, "matches", program_of(condition.pattern).as_params()]
    if isinstance(condition, EndsNot):
        return [field, "ends not", condition.suffix]
    return [field, "starts", list(condition.prefixes)]


def _outcomes(outcomes: OutcomeTable, provider: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in outcomes:
        if row.provider == provider:
            found.setdefault(row.code, {})[row.reason] = row.outcome
    return found
