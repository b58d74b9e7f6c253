"""Bodies: every watch as the cluster takes it, by id; the same rulebook and actions always give the same text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ... import __version__
from ..names import PREFIX
from .actions import NOBODY, Actions, action_bodies
from .guidance import notices
from .on_verdicts import follow
from .self_contained import SELF_CONTAINED
from .stored import scripts

APP = "enumwatch"
# The two forms: computing from contacts, or following what the runner wrote.
CONTACTS_FORM, VERDICTS_FORM = "contacts", "verdicts"
FORMS = (CONTACTS_FORM, VERDICTS_FORM)
_INTERVAL = "5m"

Body = dict[str, Any]


def watch_id(form: str, detection: str) -> str:
    """The id of a watch."""
    return f"{PREFIX}{form}-{detection.replace('_', '-')}"


def watches(rulebook: Mapping[str, Any], actions: Actions = NOBODY) -> dict[str, Body]:
    """Every watch in both forms: id to the body of the request that stores it.

    Raises ActionError where an action cannot be made as it was asked for.
    """
    return {one: body for form in FORMS for one, body in watches_of(form, rulebook, actions).items()}


def watches_of(form: str, rulebook: Mapping[str, Any], actions: Actions = NOBODY) -> dict[str, Body]:
    """The watches of one form, one for each detection that has it; raises ActionError as `watches` does."""
    detections = rulebook["detections"]
    if form == CONTACTS_FORM:
        made = {name: (detections[name], make(rulebook)) for name, make in SELF_CONTAINED.items()}
    else:
        made = {name: (rule, follow(rule)) for name, rule in sorted(detections.items())}
    return {watch_id(form, name): _body(form, rule, parts, rulebook, actions) for name, (rule, parts) in made.items()}


def is_asked_for(body: Mapping[str, Any], rulebook: Mapping[str, Any]) -> bool:
    """True for the watch of a detection that is not off unless it is asked for."""
    return bool(rulebook["detections"][body["metadata"]["detection"]]["enabled"])


def _body(form: str, rule: Body, parts: Body, rulebook: Mapping[str, Any], actions: Actions) -> Body:
    tell = notices(rule, rulebook["playbooks"][rule["playbook"]])
    transforms = [{"script": one} for one in (*parts["transforms"], tell)]
    body = {
        "trigger": {"schedule": {"interval": _INTERVAL}},
        "input": parts["input"],
        "condition": parts["condition"],
        "transform": {"chain": transforms},
        "actions": {"store": {"index": {"index": parts["index"]}}, **action_bodies(actions)},
    }
    metadata = {"app": APP, "version": __version__, "form": form, "detection": rule["id"], "config": _digest(body)}
    # As the cluster will read it: without tuples, so that nothing differs but by its text.
    plain: Body = json.loads(json.dumps({"metadata": metadata, **body}))
    return plain


def _digest(body: Body) -> str:
    """What tells one configuration from another: the watch and every script it may run."""
    text = json.dumps([body, scripts()], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
