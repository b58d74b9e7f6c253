"""Macros, event types, tags, field names of CIM and workflow actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.outcome import OUTCOMES
from ...core.verdict import VERDICTS
from .confs import Stanza
from .guidance import rules
from .names import APP, CONTACT_COLUMNS, CONTACTS, FINDING, FINDINGS, HUNT, INDEX, TRIAGE, filter_of

# Measures of the evidence that an analyst looks at first, as they are called in core/evidence.py.
MEASURES = (
    *("attempts", "names_tried", "names_absent", "names_existing", "names_wrong_realm", "names_hidden"),
    *("attempts_per_name", "addresses", "networks", "unseen_share", "order_share", "gap_variation", "objects_read"),
)
_LINE, _PART = "##", "~~"  # between rows, and cells, of a table that stands in a macro
_EVENT_TYPE = "enumwatch_finding"
# Bands of Splunk's scale of risk: the least score of each, worst first.
_SEVERITIES: Mapping[str, int] = {"critical": 81, "high": 61, "medium": 41, "low": 21}


def stanzas() -> Iterator[Stanza]:
    """Yield everything this module knows."""
    yield from _macros()
    yield Stanza("eventtypes", _EVENT_TYPE, {"search": f'`{INDEX}` source="{FINDINGS}"'})
    # What is collected as JSON has indexed fields only; this says so, and `kind="sign_in"` is looked for among them.
    yield Stanza("fields", "sourcetype::stash_hec::*", {"INDEXED": "true"})
    yield Stanza("tags", f"eventtype={_EVENT_TYPE}", {"alert": "enabled"})
    yield Stanza("props", f"source::{FINDINGS}", _alert_fields())
    yield from _workflow_actions()


def _macros() -> Iterator[Stanza]:
    yield _macro(INDEX, "index=summary")
    yield _macro(CONTACTS, f'`{INDEX}` source="{CONTACTS}"')
    for detection in rules().detections.values():
        yield _macro(filter_of(detection.id), "search *")
    yield _macro("enumwatch_rank", f"eval rank=case({_ranks()}, true(), {len(VERDICTS)})")
    yield _macro("enumwatch_per_verdict", f"stats {_counts()} by _time")
    yield _macro("enumwatch_sources", _sources())
    yield _macro("enumwatch_source_id", f"eval source_id=case({_source_ids()}, true(), log_source)")
    yield _macro("enumwatch_detections", _detections())
    yield _macro("enumwatch_names_by_outcome", _names_by_outcome())
    yield _macro("enumwatch_measures", _measures())
    yield _macro(f"{TRIAGE}(1)", _triage(), args="finding_id")


def _macro(name: str, definition: str, **more: str) -> Stanza:
    return Stanza("macros", name, {**more, "definition": definition, "iseval": "0"})


def _ranks() -> str:
    return ", ".join(f'verdict="{name}", {place}' for place, name in enumerate(VERDICTS))


def _counts() -> str:
    return ", ".join(f'count(eval(verdict="{name}")) AS "{name}"' for name in VERDICTS[:-2])


def _sources() -> str:
    """One row a log: what it shows of the names tried and of those that nobody has."""
    rows = [
        _PART.join((one.id, one.title, one.visibility.names, one.visibility.misses, one.visibility.note))
        for one in rules().sources.values()
    ]
    columns = ("source_id", "log", "names", "misses", "note")
    taken = ", ".join(f"{column}=mvindex(part, {place})" for place, column in enumerate(columns))
    lines = ["makeresults", f'eval line=split({_quoted(_LINE.join(rows))}, "{_LINE}")', "mvexpand line"]
    lines += [f'eval part=split(line, "{_PART}")', f"eval {taken}", f"table {', '.join(columns)}"]
    return "\n| ".join(lines)


def _source_ids() -> str:
    known = [(one.id, sorted(one.emits - {one.id})) for one in rules().sources.values()]
    return ", ".join(f'log_source="{name}", "{key}"' for key, names in known for name in names)


def _detections() -> str:
    """One row a detection that is on."""
    names = " ".join(one.id for one in rules().detections.values() if one.is_enabled)
    return f'makeresults\n| eval detection=split("{names}", " ")\n| mvexpand detection\n| fields detection'


def _names_by_outcome() -> str:
    """One row: a column for each answer that says something, with the names that got it."""
    told = [name for name in OUTCOMES if name not in ("noise", "throttled")]
    lines = [f"spath input=finding path=evidence.names_sample.{name}{{}} output={name}" for name in told]
    return "\n| ".join([*lines, f"table {', '.join(told)}"])


def _measures() -> str:
    """One row: the measures of a finding's evidence."""
    lines = [f"spath input=finding path=evidence.{name} output={name}" for name in MEASURES]
    return "\n| ".join([*lines, f"table {', '.join(MEASURES)}"])


def _triage() -> str:
    """One finding with its triage. What a log or a contact can tell comes first, the finding last, as enumtriage wants."""
    one = f'inputlookup {FINDINGS} where finding_id="$finding_id$"'
    names = "mvappend(names_found, compromised_accounts, accounts_created, actor)"
    near = " | ".join(
        [
            f"| {one}",
            "spath input=finding path=evidence.addresses_sample{} output=sample",
            "eval src_ip=mvappend(src, sample)",
            "mvexpand src_ip",
            "table src_ip",
            *(
                f"append [| {one} | eval {name}={names} | mvexpand {name} | table {name}]"
                for name in ("target", "actor")
            ),
            "format",
        ]
    )
    lines = [
        f'`{CONTACTS}`\n| eval tenant=coalesce(tenant, "")',
        'stats min(first) AS first, max(last) AS last BY tenant, log_source\n| eval row_type="reading"',
        f'append [search `{CONTACTS}` [{near}] | table {", ".join(CONTACT_COLUMNS)} | eval row_type="contact"]',
        f'append [| {one} | eval row_type="finding"]',
        'enumtriage\n| where row_type="finding"',
    ]
    return "\n| ".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _alert_fields() -> dict[str, str]:
    """What the CIM data model Alerts reads of a finding."""
    bands = ", ".join(f'score>={least}, "{name}"' for name, least in _SEVERITIES.items())
    return {
        "FIELDALIAS-enumwatch_id": "finding_id ASNEW id",
        "FIELDALIAS-enumwatch_signature": "verdict ASNEW signature",
        "FIELDALIAS-enumwatch_signature_id": "detection ASNEW signature_id",
        "FIELDALIAS-enumwatch_mitre": "mitre ASNEW mitre_technique_id",
        "EVAL-type": '"alert"',
        "EVAL-app": f'"{APP}"',
        "EVAL-severity": f'case({bands}, true(), "informational")',
    }


def _workflow_actions() -> Iterator[Stanza]:
    """Values go to a dashboard, which quotes them; put into a search they could end it and begin another."""
    finding = {"fields": "finding_id", "eventtypes": _EVENT_TYPE, "display_location": "both"}
    yield _action("open_finding", "enumwatch: open finding $finding_id$", finding, FINDING, "finding_id=$finding_id$")
    triage = {
        "type": "search",
        "label": "enumwatch: triage finding $finding_id$",
        **finding,
        "search.app": APP,
        "search.search_string": f'`{TRIAGE}("$finding_id$")`',
        "search.target": "blank",
    }
    yield Stanza("workflow_actions", f"{APP}_triage_finding", triage)
    for name, label, columns in (
        ("address", "enumwatch: who is $@field_value$", "src, src_ip, clientip, c_ip, ClientIP, ipAddress"),
        (
            "name",
            "enumwatch: who tried $@field_value$",
            "user, target, names_found, compromised_accounts, accounts_created",
        ),
    ):
        shown = {"fields": columns, "display_location": "field_menu"}
        yield _action(f"hunt_{name}", label, shown, HUNT, f"{name}=$@field_value$")


def _action(name: str, label: str, shown: Mapping[str, str], view: str, form: str) -> Stanza:
    link = {"link.uri": f"/app/{APP}/{view}?form.{form}", "link.target": "blank", "link.method": "get"}
    return Stanza("workflow_actions", f"{APP}_{name}", {"type": "link", "label": label, **shown, **link})
