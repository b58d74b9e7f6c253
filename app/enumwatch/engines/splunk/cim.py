"""CIM: contacts from the accelerated data model Authentication, for logs that no source of the rulebook describes.

The data model keeps less than the logs: no tenant, network or client, and one number for the answer. So contacts of it say
less, and what a code means is known only for the sourcetypes of the rulebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...splunk.content.names import CONTACT_COLUMNS
from .contacts import EMPTY, KEYS, grain_commands, text_commands
from .outcomes import outcome_commands
from .words import is_one_of, text

MODEL = "Authentication"
# What stands in the data model, and the column of a contact it becomes.
TAKEN: Mapping[str, str] = {
    "src": "src_ip",
    "user": "target",
    "app": "app",
    "user_agent": "user_agent",
    "action": "ew_action",
    "signature_id": "code",
}
_NOT_IN_MODEL = ("tenant", "asn", "country", "app_id", "client_app", "actor", "src_host")


def cim_commands(sources: Mapping[str, Any]) -> list[str]:
    """Commands, the first of them tstats, that give contacts of sign-ins that an add-on tagged as authentication."""
    fields = " ".join(f"{MODEL}.{name}" for name in TAKEN)
    renamed = ", ".join(f"{MODEL}.{name} AS {column}" for name, column in TAKEN.items())
    known = [(source["splunk"]["sourcetypes"], name, source["provider"]) for name, source in sources.items()]
    sign_ins = [one for one in known if "sign_in" in sources[one[1]]["kinds"]]
    ids = [f"{is_one_of('sourcetype', types)},{text(name)}" for types, name, _ in sign_ins]
    providers = [f"{is_one_of('sourcetype', types)},{text(provider)}" for types, _, provider in sign_ins]
    absent = ", ".join(f'{name}="{EMPTY}"' for name in _NOT_IN_MODEL)
    return [
        f'tstats summariesonly=false fillnull_value="{EMPTY}" count AS attempts min(_time) AS first max(_time) AS last '
        f"from datamodel={MODEL} where nodename={MODEL} by _time span=1h sourcetype {fields}",
        f"rename {renamed}",
        f'eval kind="sign_in", log_source=case({", ".join(ids)}, true(),"cim"), target_visible="true", {absent}',
        f'eval ew_provider=case({", ".join(providers)}, true(),"cim")',
        f'eval target_visible=if(target="{EMPTY}" OR target="unknown","false","true"), '
        f'target=if(target="unknown","{EMPTY}",target)',
        *outcome_commands("ew_provider", 'if(ew_action="success","success","ambiguous")'),
        *grain_commands("first"),
        f"stats sum(attempts) AS attempts min(first) AS first max(last) AS last BY {' '.join(KEYS)}",
        *text_commands(),
        f"table _time {' '.join(CONTACT_COLUMNS)}",
    ]
