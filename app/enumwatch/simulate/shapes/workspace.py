"""Google Workspace: login and admin activities. A name that does not exist leaves nothing."""

from __future__ import annotations

from typing import Any

from ..event import SimEvent, iso
from .shape import Desk, Rendered

FAILURES = {"exists_bad_secret": "login_failure_invalid_password", "ambiguous": "login_failure_invalid_password",
            "exists_blocked": "login_failure_account_disabled"}  # fmt: skip

NAMES = {"account_created": "CREATE_USER", "account_deleted": "DELETE_USER"}
BULK = "BULK_UPLOAD"


def seen(event: SimEvent) -> str:
    """Workspace is silent about absent names, expired sessions and second factors."""
    if event.kind != "sign_in":
        return event.answer
    if not event.target_id or event.answer not in ("success", *FAILURES):
        return ""
    return "exists_bad_secret" if event.answer == "ambiguous" else event.answer


def _activity(event: SimEvent, desk: Desk, application: str, actor: str, identity: str) -> dict[str, Any]:
    organisation = desk.organisation(event)
    return {
        "kind": "admin#reports#activity",
        "id": {"time": iso(event.time, 3), "uniqueQualifier": str(-desk.rng.getrandbits(62)),
               "applicationName": application,
               "customerId": organisation.customer_id},
        "etag": f'"{desk.rng.getrandbits(80):020x}"',
        "actor": {"callerType": "USER", "email": actor, "profileId": str(int(identity[:8], 16) + 10**20)},
        "ownerDomain": organisation.domain, "ipAddress": event.src_ip,
    }  # fmt: skip


def login(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind != "sign_in" or not seen(event):
        return []
    record = _activity(event, desk, "login", event.target, event.target_id)
    parameters: list[dict[str, Any]] = [{"name": "login_type", "value": "google_password"},
                                        {"name": "login_challenge_method", "multiValue": ["password"]}]  # fmt: skip
    name = "login_success"
    if event.answer in FAILURES:
        name = "login_failure"
        parameters.append({"name": "login_failure_type", "value": FAILURES[event.answer]})
    else:
        parameters.append({"name": "is_suspicious", "boolValue": False})
    record["events"] = [{"type": "login", "name": name, "parameters": parameters}]
    return [(record["id"]["uniqueQualifier"], record)]


def admin(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind not in NAMES:
        return []
    person = desk.organisation(event).by_upn.get(event.actor)
    record = _activity(event, desk, "admin", event.actor, person.user_id if person else "0000ffff")
    name, parameters = NAMES[event.kind], [{"name": "USER_EMAIL", "value": event.target}]
    if event.detail == "bulk":
        name, parameters = BULK, [{"name": "BULK_UPLOAD_TOTAL_USERS_NUMBER", "value": "60"}]
    record["events"] = [{"type": "USER_SETTINGS", "name": name, "parameters": parameters}]
    return [(record["id"]["uniqueQualifier"], record)]
