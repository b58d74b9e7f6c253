"""Places: where a finding is met, and the commands and searches that show it there."""

from __future__ import annotations

from ..elastic.names import CONTACTS as CONTACT_INDEX
from ..elastic.names import VERDICTS as VERDICT_INDEX
from ..elastic.watches.guidance import PLACES
from ..rulebook.detection import Detection
from ..splunk.content.enterprise import drilldowns
from ..splunk.content.guidance import IN_ROWS
from ..splunk.content.names import CONTACTS, FINDING, rule_title
from .markdown import Lines, code, section

SOME_FINDING = "FINDING"  # stands for the id of a finding wherever one is asked for
_LOGS = "logs/"
_ASKED = "$finding_id$"


def _in_record(name: str) -> str:
    """Where a finding holds what a step names, after a word for it unless the step itself has one."""
    fields = ", ".join(f"`{path[-1]}`" for path in PLACES[name])
    word, has_word, _ = IN_ROWS[name].partition(" (")
    return f"{word} ({fields})" if has_word else fields


IN_RECORD = {name: _in_record(name) for name in PLACES}


def terminal(detection: Detection) -> Lines:
    """Commands that show a finding, over the logs it came from."""
    yield f"`{SOME_FINDING}` is the id of the finding or its beginning, `{_LOGS}` the folder with the logs."
    yield ""
    yield from code(
        (
            f"enumwatch scan {_LOGS} --detection {detection.id} --explain",
            f"enumwatch triage {SOME_FINDING} {_LOGS}",
            f"enumwatch triage {SOME_FINDING} {_LOGS} --query spl",
            f"enumwatch triage {SOME_FINDING} {_LOGS} --query esql",
        )
    )


def splunk(detection: Detection) -> Lines:
    """Where the finding stands in Splunk, and searches that lead on from it."""
    yield (
        f"The alert comes from the saved search `{rule_title(detection.title)}`. Open the dashboard `{FINDING}` of the app "
        "and enter the id; the result holds `next_steps` and `escalate`. Searches that lead on, for the time of the finding:"
    )
    yield ""
    yield from code(
        one["search"].replace(_ASKED, SOME_FINDING) for one in drilldowns() if "Risk.All_Risk" not in one["search"]
    )


def kibana(detection: Detection) -> Lines:
    """Where the finding stands in Kibana, and what to type into Discover."""
    yield (
        f"The alert comes from the rule `enumwatch: {detection.title}`; its investigation guide has the same steps. "
        f"In Discover, over `{VERDICT_INDEX}`:"
    )
    yield ""
    yield from code((f'event.id: "{SOME_FINDING}"',))
    yield ""
    yield f"and for every attempt of its addresses, over `{CONTACT_INDEX}`, with an address of the finding:"
    yield ""
    yield from code(('source.ip: "ADDRESS"',))


def places(detection: Detection) -> Lines:
    """All three."""
    for title, lines in (
        ("In the terminal", terminal(detection)),
        ("In Splunk", splunk(detection)),
        ("In Kibana", kibana(detection)),
    ):
        yield from section(title, lines, 3)


def trying(detection: Detection) -> Lines:
    """Commands that try other limits before they are used."""
    yield "Try a change on your own logs before you use it; nothing is written until you name a file:"
    yield ""
    yield from code(
        (
            f"enumwatch tune {_LOGS} --detection {detection.id}",
            f"enumwatch tune {_LOGS} --detection {detection.id} --output tuned/proposal.yml",
            "enumwatch rules check tuned/",
            f"enumwatch scan {_LOGS} --rules tuned/",
        )
    )
    yield ""
    yield "In Splunk:"
    yield ""
    yield from code((f"`{CONTACTS}` | enumtune detections={detection.id}",))
