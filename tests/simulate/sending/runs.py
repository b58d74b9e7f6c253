"""Runs for tests: manifests and plays without any system to send them to."""

from __future__ import annotations

from dataclasses import replace

from enumwatch import __version__
from enumwatch.core.times import from_iso
from enumwatch.simulate.sending import elastic_documents, splunk_events
from enumwatch.simulate.sending.manifest import ELASTIC, SPLUNK, Manifest
from enumwatch.simulate.sending.marks import seed_of
from enumwatch.simulate.sending.playing import Play, play

RUN = "ewt20261122t101112a1b2"
END = from_iso("2026-11-22T10:09:00Z")
# Each log once, so that every way of writing an event is there.
ONE_EACH = (
    ("fast_enumeration", "entra_signin"),
    ("account_short_life", "entra_audit"),
    ("directory_harvest", "graph_activity"),
    ("fast_enumeration", "m365_audit"),
    ("password_guessing", "okta_system"),
    ("password_spray", "workspace_login"),
    ("account_bulk_upload", "workspace_admin"),
    ("autodiscover_enumeration", "iis"),
    ("outlook_autodiscover", "exchange_httpproxy"),
    ("kerberos_enumeration", "windows_security"),
    ("account_burst", "message_trace"),
)
IN_ELASTIC = tuple(one for one in ONE_EACH if one[1] != "message_trace")


def manifest_of(target: str = SPLUNK, run: str = RUN, events: int | None = 30, index: str = "") -> Manifest:
    return Manifest(run, __version__, target, "https://splunk.example:8088", seed_of(run), 40, END, None, events, index)


def played(manifest: Manifest, wanted: tuple[tuple[str, str], ...]) -> tuple[Manifest, list[Play]]:
    """The manifest with its parts, and the plays."""
    if manifest.target == ELASTIC:
        forms, place = {one: elastic_documents.form_of(one) for _, one in wanted}, elastic_documents.place_of
    else:
        forms, place = splunk_events.FORMS, splunk_events.sourcetype_of
    plays = play(manifest, wanted, forms)
    return replace(manifest, parts=tuple(one.part(place(one.shape.id)) for one in plays)), plays
