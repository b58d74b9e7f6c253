"""Conf contracts: what is named is there, what is there is used or has its reason, and every file parses strictly."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.splunk.content.spl_names import commands, lookups, macros
from tests.splunk.content.staging import confs
from tests.splunk.content.views import VIEWS_FOLDER, searches, views

from enumwatch.lookups import shipped_lookups
from enumwatch.splunk.content.build import DEFAULT_FOLDER
from enumwatch.splunk.content.lookups import MATCHED, columns_of

CONFS = confs()
VIEWS = views()
CRON = re.compile(r"(\*|\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)(/\d+)?")

# What Splunk brings. A command that is not here, and is not the app's own, is a mistake or has to be thought about.
OF_SPLUNK = {
    *(
        "search",
        "where",
        "eval",
        "stats",
        "eventstats",
        "streamstats",
        "fields",
        "table",
        "rename",
        "sort",
        "dedup",
        "head",
    ),
    *(
        "append",
        "appendpipe",
        "format",
        "mvexpand",
        "spath",
        "rex",
        "fillnull",
        "bin",
        "xyseries",
        "makeresults",
        "tstats",
    ),
    *("lookup", "inputlookup", "outputlookup", "collect", "addinfo", "from", "makemv", "tail", "union", "multisearch"),
}
# Read by Splunk's own people and not by a search of ours, each with its reason.
FOR_PEOPLE = {
    "macros": {
        "enumwatch_cim_contacts": "instead of the macros of single logs, where data model Authentication is filled"
    },
    "lookups": {
        "enumwatch_approved_creators": "read by enumverdict as a file; analysts ask it by hand",
        "enumwatch_actors": "read by enumverdict as a file; analysts ask it by hand",
        "enumwatch_disposable_domains": "read by the commands as a file; analysts ask it by hand",
        "enumwatch_domains": "read by the commands as a file; analysts ask it by hand",
        "enumwatch_exposed_addresses": "read by enumverdict as a file; analysts ask it by hand",
        "enumwatch_free_mail": "read by the commands as a file; analysts ask it by hand",
        "enumwatch_known_tools": "read by enumverdict as a file; analysts ask it by hand",
        "enumwatch_networks": "read by enumverdict as a file; analysts ask it by hand",
        "enumwatch_outcomes": "read by the commands as a file; analysts ask it by hand",
        "enumwatch_sensitive_accounts": "read by enumverdict as a file; analysts ask it by hand",
        "enumwatch_threat_intel": "read by enumverdict as a file; analysts ask it by hand",
    },
}


class Text(NamedTuple):
    """SPL and where it stands."""

    where: str
    search: str


def texts() -> Iterator[Text]:
    """All SPL of the app: saved searches, macros that are one, drilldowns, workflow actions, dashboards, event types."""
    for name, keys in CONFS["savedsearches"].items():
        yield Text(f"saved search {name}", keys["search"])
        for one in json.loads(keys.get("action.notable.param.drilldown_searches", "[]")):
            yield Text(f"drilldown of {name}", one["search"])
    for name, keys in CONFS["macros"].items():
        yield Text(f"macro {name}", keys["definition"])
    for name, keys in CONFS["workflow_actions"].items():
        if "search.search_string" in keys:
            yield Text(f"workflow action {name}", keys["search.search_string"])
    for name, keys in CONFS["eventtypes"].items():
        yield Text(f"event type {name}", keys["search"])
    for name, root in VIEWS.items():
        for one in searches(name, root):
            yield Text(one.name, one.query)


TEXTS = list(texts())
SPL = [one for one in TEXTS if not one.where.startswith("macro ")]


def test_every_conf_parses_strictly() -> None:
    files = sorted(str(path) for path in DEFAULT_FOLDER.glob("*.conf"))
    assert len(files) > 8
    ksconf = Path(sys.executable).with_name("ksconf")
    done = subprocess.run([ksconf, "check", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_is_there() -> None:
    known = OF_SPLUNK | set(CONFS["commands"]) | {"`"}
    assert sorted((one.where, name) for one in SPL for name in commands(one.search) if name not in known) == []


def test_every_own_command_has_its_script_and_its_help() -> None:
    bin_folder = DEFAULT_FOLDER.parent / "bin"
    assert {f"{name}.py" for name in CONFS["commands"]} == {path.name for path in bin_folder.glob("*.py")}
    helped = {name.removesuffix("-command") for name in CONFS["searchbnf"] if name.endswith("-command")}
    assert helped == set(CONFS["commands"])


def test_every_macro_is_there_with_as_many_arguments() -> None:
    named = {(one.where, name) for one in TEXTS for name in macros(one.search)}
    assert sorted((where, name) for where, name in named if name not in CONFS["macros"]) == []
    for name, keys in CONFS["macros"].items():
        number = re.search(r"\((\d+)\)$", name)
        arguments = [one.strip() for one in keys.get("args", "").split(",") if one.strip()]
        assert len(arguments) == (int(number[1]) if number else 0), name
        assert set(re.findall(r"\$(\w+)\$", keys["definition"])) == set(arguments), name


def test_every_macro_is_used() -> None:
    named = {name for one in TEXTS for name in macros(one.search)}
    assert sorted(set(CONFS["macros"]) - named - set(FOR_PEOPLE["macros"])) == []


def test_every_lookup_is_defined_and_every_definition_has_its_table() -> None:
    named = {(one.where, name) for one in TEXTS for _, name in lookups(one.search)}
    assert sorted((where, name) for where, name in named if name not in CONFS["transforms"]) == []
    for name, keys in CONFS["transforms"].items():
        if "filename" in keys:
            assert (shipped_lookups() / keys["filename"]).is_file(), name
            matched = re.findall(r"(?:WILDCARD|CIDR)\((\w+)\)", keys.get("match_type", ""))
            assert set(matched) <= set(columns_of(name)), name
        else:
            assert keys["external_type"] == "kvstore"
            listed = {one.strip() for one in keys["fields_list"].split(",")}
            typed = {
                key.removeprefix("field.") for key in CONFS["collections"][keys["collection"]] if "field." in key[:6]
            }
            assert typed <= listed, name
    assert set(MATCHED) <= set(CONFS["transforms"])


def test_every_table_is_defined_and_every_lookup_is_used() -> None:
    assert {path.stem for path in shipped_lookups().glob("*.csv")} <= set(CONFS["transforms"])
    assert set(CONFS["collections"]) == {
        keys["collection"] for keys in CONFS["transforms"].values() if "collection" in keys
    }
    named = {name for one in TEXTS for _, name in lookups(one.search)}
    unused = set(CONFS["transforms"]) - named
    assert sorted(unused - set(FOR_PEOPLE["lookups"])) == []
    assert sorted(set(FOR_PEOPLE["lookups"]) - unused) == [], "these reasons are not needed any more"


def test_what_is_written_to_a_collection_is_read() -> None:
    named = {pair for one in TEXTS for pair in lookups(one.search)}
    written = {name for command, name in named if command == "outputlookup"}
    assert written <= {name for command, name in named if command in ("inputlookup", "lookup")}
    assert written == set(CONFS["collections"])


def test_acceleration_is_json_over_fields_of_the_collection() -> None:
    for name, keys in CONFS["collections"].items():
        fields = {key.removeprefix("field.") for key in keys if key.startswith("field.")}
        for key, value in keys.items():
            if key.startswith("accelerated_fields."):
                assert set(json.loads(value)) <= fields, name
            elif key.startswith("field."):
                assert value in {"string", "number", "bool", "time"}, (name, key)


def test_cron_and_switches_are_what_splunk_takes() -> None:
    for name, keys in CONFS["savedsearches"].items():
        if "cron_schedule" in keys:
            parts = keys["cron_schedule"].split()
            assert len(parts) == 5, name
            assert all(CRON.fullmatch(part) for part in parts), name
        assert keys.get("disabled") in ("true", "1") or keys.get("enableSched", "0") == "0", f"{name} is shipped on"


def test_event_types_tags_and_props_hold_together() -> None:
    for name in CONFS["tags"]:
        kind, _, value = name.partition("=")
        assert (kind, value in CONFS["eventtypes"]) == ("eventtype", True), name
    assert set(CONFS["props"]) == {"source::enumwatch_findings"}, "another's source types are left alone"
    for name, keys in CONFS["workflow_actions"].items():
        for event_type in keys.get("eventtypes", "").split(","):
            assert not event_type or event_type.strip() in CONFS["eventtypes"], name


def test_links_of_workflow_actions_lead_to_views() -> None:
    links = [keys["link.uri"] for keys in CONFS["workflow_actions"].values() if "link.uri" in keys]
    assert len(links) >= 3
    for link in links:
        found = re.fullmatch(r"/app/enumwatch/(\w+)\?form\.(\w+)=\$[@\w]+\$", link)
        assert found, link
        assert found[1] in VIEWS
        assert any(one.attrib["token"] == found[2] for one in VIEWS[found[1]].iter("input")), link


@pytest.mark.parametrize("conf", sorted(CONFS))
def test_no_stanza_reaches_other_apps(conf: str) -> None:
    assert "default" not in CONFS[conf]
    if conf in ("macros", "transforms", "collections", "eventtypes", "workflow_actions"):
        assert all(name.startswith("enumwatch") for name in CONFS[conf])
    if conf == "savedsearches":
        assert all(name.startswith("enumwatch - ") for name in CONFS[conf])


def test_views_lie_where_splunk_looks_for_them() -> None:
    assert VIEWS_FOLDER.relative_to(DEFAULT_FOLDER).as_posix() == "data/ui/views"
