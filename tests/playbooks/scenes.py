"""Scenes: small simulated logs, read by the real scan, with what it handed to the triage of each finding."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from unittest.mock import patch

from enumwatch.core.context import Context
from enumwatch.core.triage import Known, triage
from enumwatch.engines.local import around
from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import COLUMNS, load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate
from enumwatch.simulate.run import DEFAULT_START

Lists = tuple[tuple[str, tuple[str, ...]], ...]  # a lookup of one's own, and the cells of one of its rows
_ABSENT, _WRONG_PASSWORD, _SUCCESS = "50034", "50126", "0"


class Play(NamedTuple):
    """One scenario in one log; `events` None where its own number holds, `day` counts from the usual first day."""

    scenario: str
    source: str
    events: int | None = None
    day: int = 0


class Scene(NamedTuple):
    """What is simulated, which lists the organisation keeps, and whether a found account changes its methods."""

    plays: tuple[Play, ...]
    lists: Lists = ()
    changes: bool = False
    own_lists: bool = False  # those that the scenario itself comes with
    success_after: float | None = None  # hours after the last failure at which the only success lies


class Seen(NamedTuple):
    """A finding of a scene as the local engine handed it to the core."""

    finding: Mapping[str, Any]
    context: Context
    known: Known

    def triage(self) -> Mapping[str, Any]:
        """The triage, computed anew."""
        return triage(self.finding, self.context, self.known)


def only(scene: Scene, playbook: str) -> Seen:
    """The worst finding of a scene to which a playbook belongs."""
    found = [one for one in seen(scene) if one.triage()["playbook"] == playbook]
    assert found, f"no finding of {playbook} in {scene}"
    return found[0]


@cache
def seen(scene: Scene) -> Sequence[Seen]:
    """The findings of a scene, worst first."""
    with TemporaryDirectory() as folder:
        return _seen(scene, Path(folder))


def _seen(scene: Scene, folder: Path) -> Sequence[Seen]:
    files = [_played(play, folder / str(number)) for number, play in enumerate(scene.plays)]
    if scene.success_after is not None:
        _delay(files[0], timedelta(hours=scene.success_after))
    if scene.changes:
        files.append(_changed(folder))
    lookups = folder / "lists"
    lookups.mkdir()
    own = folder / "0" / "lookups"
    for table in own.glob("*.csv") if scene.own_lists else ():
        (lookups / table.name).write_bytes(table.read_bytes())
    for name in {name for name, _ in scene.lists}:
        with (lookups / f"enumwatch_{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS[name], *(cells for table, cells in scene.lists if table == name)])
    handed: list[Seen] = []

    def noted(*given: Any) -> Any:
        handed.append(Seen(*given))
        return triage(*given)

    with patch.object(around, "triage", noted):
        result = scan(Request([str(file) for file in files], compiled(), load_lookups(lookups), with_triage=True))
    assert {one.finding["finding_id"]: one.triage() for one in handed} == result.triages
    return handed


def _played(play: Play, out: Path) -> Path:
    start = DEFAULT_START + timedelta(days=play.day)
    made = simulate(play.scenario, play.source, seed=3, users=40, events=play.events, out=out, start=start)
    (path,) = made.files
    if play.day and play.source == "entra_signin":  # the same seed makes the same ids, and each id counts once
        records = [json.loads(line) for line in path.read_text().splitlines()]
        for one in records:
            one["properties"]["id"] += f"-{play.day}"
        path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return path


def _changed(folder: Path) -> Path:
    """An audit log in which each account of the sign-in log gets a new method at once, made of a simulated record."""
    (signins,) = (folder / "0").glob("entra_signin/*.ndjson")
    made = _played(Play("account_burst", "entra_audit", 1), folder / "audit")
    record = json.loads(made.read_text())
    lines = []
    for number, line in enumerate(signins.read_text().splitlines()):
        attempt = json.loads(line)
        properties = record["properties"]
        record["time"] = properties["activityDateTime"] = attempt["time"]
        record["tenantId"] = attempt["tenantId"]
        record["operationName"] = properties["activityDisplayName"] = "User registered security info"
        properties["id"] = f"changed-{number}"
        properties["targetResources"][0]["userPrincipalName"] = attempt["properties"]["userPrincipalName"]
        lines.append(json.dumps(record))
    path = folder / "changed.ndjson"
    path.write_text("\n".join(lines) + "\n")
    return path


def _delay(path: Path, by: timedelta) -> None:
    """Leaves of a log of sign-ins the failures and one success, so long after the last failure."""
    records = [json.loads(line) for line in path.read_text().splitlines()]
    failed = [one for one in records if one["resultType"] in (_ABSENT, _WRONG_PASSWORD)]
    success = next(one for one in records if one["resultType"] == _SUCCESS)
    last = datetime.fromisoformat(max(one["time"] for one in failed)[:19])
    success["time"] = success["properties"]["createdDateTime"] = (last + by).isoformat() + "Z"
    path.write_text("".join(json.dumps(one) + "\n" for one in [*failed, success]))
