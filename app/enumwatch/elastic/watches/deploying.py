"""Deploying: puts scripts and watches into a cluster, and takes them out again.

Scripts come before the watches that run them, and go after them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..faults import ClusterError, told_as_faults
from .actions import NOBODY, Actions
from .bodies import APP, CONTACTS_FORM, FORMS, is_asked_for, watch_id, watches_of
from .stored import scripts

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Out = Callable[[str], None]


def deploy(
    client: Elasticsearch,
    rulebook: Mapping[str, Any],
    actions: Actions = NOBODY,
    form: str = CONTACTS_FORM,
    detections: Sequence[str] = (),
    out: Out = lambda line: None,
) -> list[str]:
    """Put the scripts and the watches of a form; returns the ids of the watches that run.

    Those of `detections` run, by default those of all that are not off unless asked for. Watches of the other form go,
    so that nothing is told twice. Raises ActionError where an action cannot be made, and ClusterError, before anything
    is changed where somebody else made a watch of such a name.
    """
    bodies = watches_of(form, rulebook, actions)
    _refuse_what_is_not_ours(client, list(bodies))
    for name, body in scripts().items():
        with told_as_faults():
            client.put_script(id=name, script=body["script"])
    running = []
    for name, body in bodies.items():
        detection = body["metadata"]["detection"]
        is_wanted = detection in detections if detections else is_asked_for(body, rulebook)
        with told_as_faults():
            client.watcher.put_watch(id=name, active=is_wanted, **body)
        out(f"put: watch {name}{'' if is_wanted else ', at rest'}")
        running += [name] if is_wanted else []
    for name in _deleted(client, [one for other in FORMS if other != form for one in _ids(other, rulebook)]):
        out(f"removed: watch {name}")
    return running


def remove(client: Elasticsearch, rulebook: Mapping[str, Any]) -> list[str]:
    """Delete every watch of both forms and every script; returns the ids of those that were there. Raises ClusterError.

    What they wrote stays.
    """
    gone = _deleted(client, [one for form in FORMS for one in _ids(form, rulebook)])
    return gone + [name for name in scripts() if _is_done(partial(client.delete_script, id=name))]


def _refuse_what_is_not_ours(client: Elasticsearch, names: Sequence[str]) -> None:
    for name in names:
        found = _kept(client, name)
        if found is not None and (found.get("metadata") or {}).get("app") != APP:
            raise ClusterError(f"there is a watch {name} that enumwatch did not make: delete it")


def _kept(client: Elasticsearch, name: str) -> Mapping[str, Any] | None:
    """The watch of a name as the cluster has it; None where there is none."""
    try:
        with told_as_faults():
            found: Mapping[str, Any] = client.watcher.get_watch(id=name)["watch"]
    except ClusterError as error:
        if error.kind != "missing":
            raise
        return None
    return found


def _ids(form: str, rulebook: Mapping[str, Any]) -> list[str]:
    return [watch_id(form, name) for name in sorted(rulebook["detections"])]


def _deleted(client: Elasticsearch, names: Sequence[str]) -> list[str]:
    return [name for name in names if _is_done(partial(client.watcher.delete_watch, id=name))]


def _is_done(ask: Callable[[], Any]) -> bool:
    """Ask; False where the cluster says that there is no such thing."""
    try:
        with told_as_faults():
            ask()
    except ClusterError as error:
        if error.kind != "missing":
            raise
        return False
    return True
