"""Deploying: puts scripts and watches into a cluster, and takes them out again.

Scripts come before the watches that run them, and go after them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..faults import ClusterError, told_as_faults
from ..setup.apply import make, refuse_what_is_not_ours
from ..setup.piece import Piece
from ..setup.plan import look_over
from .actions import NOBODY, Actions
from .bodies import CONTACTS_FORM, FORMS, is_asked_for, watch_id, watches_of
from .stored import scripts

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Out = Callable[[str], None]


def watch_pieces(rulebook: Mapping[str, Any], actions: Actions = NOBODY, form: str = CONTACTS_FORM) -> list[Piece]:
    """The stored scripts and the watches of a form, in the order in which they are made; raises ActionError."""
    found = [Piece("script", name, body["script"]) for name, body in scripts().items()]
    return found + [Piece("watch", name, body) for name, body in watches_of(form, rulebook, actions).items()]


def deploy(
    client: Elasticsearch,
    rulebook: Mapping[str, Any],
    actions: Actions = NOBODY,
    form: str = CONTACTS_FORM,
    detections: Sequence[str] = (),
    out: Out = lambda line: None,
) -> list[str]:
    """Make or bring up to date the scripts and the watches of a form; returns the ids of the watches that run.

    Those of `detections` run, by default those of all that are not off unless asked for. Watches of the other form go,
    so that nothing is told twice. Raises ActionError where an action cannot be made, and ClusterError.
    """
    pieces = watch_pieces(rulebook, actions, form)
    found = look_over(client, pieces)
    refuse_what_is_not_ours(found)
    make(client, found, out)
    running = []
    for piece in pieces:
        if piece.kind == "watch":
            name = piece.body["metadata"]["detection"]
            is_wanted = name in detections if detections else is_asked_for(piece.body, rulebook)
            activate(client, piece.name, is_wanted)
            running += [piece.name] if is_wanted else []
    for name in _deleted(client, [one for other in FORMS if other != form for one in _ids(other, rulebook)]):
        out(f"removed: watch {name}")
    return running


def activate(client: Elasticsearch, name: str, is_wanted: bool) -> None:
    """Let a watch run, or let it rest; raises ClusterError."""
    with told_as_faults():
        if is_wanted:
            client.watcher.activate_watch(watch_id=name)
        else:
            client.watcher.deactivate_watch(watch_id=name)


def remove(client: Elasticsearch, rulebook: Mapping[str, Any]) -> list[str]:
    """Delete every watch of both forms and every script; returns the ids of those that were there. Raises ClusterError.

    What they wrote stays.
    """
    gone = _deleted(client, [one for form in FORMS for one in _ids(form, rulebook)])
    return gone + [name for name in scripts() if _is_deleted(partial(client.delete_script, id=name))]


def _ids(form: str, rulebook: Mapping[str, Any]) -> list[str]:
    return [watch_id(form, name) for name in sorted(rulebook["detections"])]


def _deleted(client: Elasticsearch, names: Sequence[str]) -> list[str]:
    return [name for name in names if _is_deleted(partial(client.watcher.delete_watch, id=name))]


def _is_deleted(ask: Callable[[], Any]) -> bool:
    try:
        with told_as_faults():
            ask()
    except ClusterError as error:
        if error.kind != "missing":
            raise
        return False
    return True
