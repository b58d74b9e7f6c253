"""Okta system log: one event for each sign-in, decided by outcome.reason and actor.id, and one for each new user."""

from __future__ import annotations

from typing import Any

from ..event import SimEvent, iso
from ..names import COUNTRIES
from .entra import system_of
from .shape import Desk, Rendered

REASONS = {"not_found": "UNKNOWN_USER", "exists_bad_secret": "INVALID_CREDENTIALS", "exists_blocked": "LOCKED_OUT",
           "ambiguous": "LOCKED_OUT"}  # fmt: skip

LIFE = {
    "account_created": ("user.lifecycle.create", "core.user.config.user_creation.success", "Create okta user"),
    "account_deleted": ("user.lifecycle.deactivate", "core.user.config.user_deactivated", "Deactivate Okta user"),
}


def _reason(event: SimEvent) -> str:
    """outcome.reason of an event, "" where Okta writes none for it."""
    if (event.answer, event.detail) == ("exists_good_secret", "expired"):
        return "PASSWORD_EXPIRED"
    return REASONS.get(event.answer, "")


def user_id(directory_id: str) -> str:
    """An Okta id ("00u" and 17 more) that stays the same for the same person."""
    return "00u" + directory_id.replace("-", "")[:17]


def seen(event: SimEvent) -> str:
    if event.kind != "sign_in":
        return event.answer
    if event.answer == "ambiguous":
        return "exists_blocked"
    return event.answer if event.answer == "success" or _reason(event) else ""


def _geography(country: str) -> dict[str, Any]:
    return {"city": None, "state": None, "country": COUNTRIES.get(country, country), "postalCode": None,
            "geolocation": {"lat": 52.37, "lon": 4.9}}  # fmt: skip


def _principal(identity: str, kind: str, name: str, display: str) -> dict[str, Any]:
    return {"id": identity, "type": kind, "alternateId": name, "displayName": display, "detailEntry": None}


def render(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind == "sign_in" and seen(event):
        return [_sign_in(event, desk)]
    if event.kind in LIFE:
        return [_created(event, desk)]
    return []


def _base(event: SimEvent, desk: Desk, uri: str) -> dict[str, Any]:
    unique, request = desk.guid(), f"{desk.rng.getrandbits(96):024x}"
    place = _geography(event.country)
    return {
        "uuid": unique, "version": "0", "severity": "INFO", "published": iso(event.time, 3),
        "client": {"userAgent": {"rawUserAgent": event.user_agent, "os": system_of(event.user_agent) or "Unknown",
                                 "browser": "UNKNOWN"}, "zone": "null", "device": "Computer", "id": None,
                   "ipAddress": event.src_ip, "geographicalContext": place},
        "device": None,
        "authenticationContext": {"authenticationProvider": None, "credentialProvider": None, "credentialType": None,
                                  "issuer": None, "interface": None, "authenticationStep": 0,
                                  "externalSessionId": "unknown"},
        "securityContext": {"asNumber": event.asn, "asOrg": f"example network {event.asn}", "isp": "example",
                            "domain": ".",
                            "isProxy": False},
        "debugContext": {"debugData": {"requestId": request, "requestUri": uri, "threatSuspected": "false",
                                       "url": f"{uri}?"}},
        "transaction": {"type": "WEB", "id": request, "detail": {}},
        "request": {"ipChain": [{"ip": event.src_ip, "geographicalContext": place,
                                 "version": "V6" if ":" in event.src_ip else "V4", "source": None}]},
    }  # fmt: skip


def _sign_in(event: SimEvent, desk: Desk) -> Rendered:
    person = desk.organisation(event).by_upn.get(event.target)
    record = _base(event, desk, "/api/v1/authn")
    good = event.answer == "success"
    record["actor"] = _principal(user_id(event.target_id) if event.target_id else "unknown", "User", event.target,
                                 person.display_name if person else "unknown")  # fmt: skip
    record["eventType"] = "user.session.start"
    record["legacyEventType"] = "core.user_auth.login_success" if good else "core.user_auth.login_failed"
    record["displayMessage"] = "User login to Okta"
    record["severity"] = "INFO" if good else "WARN"
    record["outcome"] = {"result": "SUCCESS" if good else "FAILURE", "reason": None if good else _reason(event)}
    record["target"] = None
    return record["uuid"], record


def _created(event: SimEvent, desk: Desk) -> Rendered:
    person = desk.organisation(event).by_upn.get(event.actor)
    record = _base(event, desk, "/api/v1/users")
    kind = "PublicClientApp" if event.app else "User"
    identity = user_id(person.user_id) if person else user_id(desk.guid())
    record["actor"] = _principal(
        identity, kind, event.actor, person.display_name if person else event.app or event.actor
    )
    record["eventType"], record["legacyEventType"], record["displayMessage"] = LIFE[event.kind]
    record["outcome"] = {"result": "SUCCESS", "reason": None}
    record["target"] = [_principal(user_id(desk.guid()), "User", event.target, event.target.partition("@")[0])]
    return record["uuid"], record
