"""Who the app is: app.conf, app.manifest and what else Splunk wants to know of it, all from one version number."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ... import __version__
from ..content.confs import Stanza
from .archive import APP_ID

ROOT = Path(__file__).parents[4]
MANIFEST = ROOT / "app.manifest"

TITLE = "enumwatch"
AUTHOR = "enumwatch contributors"
DESCRIPTION = (
    "Finds who is calling the roll of your mailboxes in the sign-in and mail logs you already have: "
    "email enumeration, password sprays and what came of them, with reasons and next steps."
)

# Older ones run Python 3.7 only.
OLDEST_SPLUNK = "9.3"


def stanzas() -> Iterable[Stanza]:
    """Return app.conf, and distsearch.conf, which sends our code with the search bundle."""
    yield Stanza("app", "install", {"is_configured": "false", "build": str(_build_number(__version__))})
    yield Stanza("app", "ui", {"is_visible": "true", "label": TITLE})
    yield Stanza("app", "launcher", {"author": AUTHOR, "version": __version__, "description": DESCRIPTION})
    yield Stanza("app", "package", {"id": APP_ID, "check_for_updates": "false"})
    yield Stanza("app", "id", {"name": APP_ID, "version": __version__})
    # Splunk sends bin/ to its indexers but not lib/ and app/. Our commands run on the search head; should Splunk start
    # one elsewhere all the same, it says so instead of failing to import.
    yield Stanza("distsearch", "replicationAllowlist", {APP_ID: f"apps/{APP_ID}/(lib|app)/..."})


def manifest() -> str:
    """Return the text of app.manifest, schema 2.0.0."""
    nothing: dict[str, str] = {}
    told = {
        "schemaVersion": "2.0.0",
        "info": {
            "title": TITLE,
            "id": {"group": None, "name": APP_ID, "version": __version__},
            "author": [{"name": AUTHOR, "email": None, "company": None}],
            "releaseDate": None,
            "description": DESCRIPTION,
            "classification": {
                "intendedAudience": "Security",
                "categories": ["Security, Fraud & Compliance"],
                "developmentStatus": "Production/Stable",
            },
            "commonInformationModels": nothing,
            "license": {"name": "Apache-2.0", "text": "./LICENSE", "uri": None},
            "privacyPolicy": {"name": None, "text": None, "uri": None},
            "releaseNotes": {"name": "README", "text": "./README.md", "uri": None},
        },
        "dependencies": nothing,
        "tasks": [],
        "inputGroups": nothing,
        "incompatibleApps": nothing,
        "platformRequirements": {"splunk": {"Enterprise": f">={OLDEST_SPLUNK}"}},
        "supportedDeployments": ["_standalone", "_distributed", "_search_head_clustering"],
        "targetWorkloads": ["_search_heads"],
    }
    return json.dumps(told, indent=2) + "\n"


def _build_number(version: str) -> int:
    """A whole number that grows with the version, which is all Splunk asks of a build."""
    major, minor, patch = (int(part) for part in version.split("."))
    return (major * 1000 + minor) * 1000 + patch
