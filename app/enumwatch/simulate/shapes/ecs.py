"""Okta and Workspace records as the documents Elastic's integrations make of them."""

from __future__ import annotations

from typing import Any

from .shape import Record


def _frame(time: str, dataset: str, event: dict[str, Any]) -> dict[str, Any]:
    return {"@timestamp": time, "ecs": {"version": "8.11.0"},
            "data_stream": {"type": "logs", "dataset": dataset, "namespace": "default"},
            "event": {"dataset": dataset, "kind": "event", **event}}  # fmt: skip


def okta(record: Record) -> Record:
    actor, client, outcome = record["actor"], record["client"], record["outcome"]
    name = actor["alternateId"].partition("@")[0]
    document = _frame(record["published"], "okta.system", {
        "action": record["eventType"], "category": ["authentication"], "id": record["uuid"],
        "outcome": "success" if outcome["result"] == "SUCCESS" else "failure", "type": ["info"]})  # fmt: skip
    user = {"full_name": actor["displayName"], "id": actor["id"], "name": name}
    as_number = {"number": record["securityContext"]["asNumber"]}
    document.update({
        "client": {"ip": client["ipAddress"], "user": user,
                   "geo": {"country_name": client["geographicalContext"]["country"]}},
        "source": {"ip": client["ipAddress"], "user": user, "as": as_number},
        "user": {"full_name": actor["displayName"], "name": name},
        "user_agent": {"original": client["userAgent"]["rawUserAgent"]},
        "related": {"ip": [client["ipAddress"]], "user": [actor["displayName"]]},
        "okta": {
            "actor": {"id": actor["id"], "type": actor["type"], "alternate_id": actor["alternateId"],
                      "display_name": actor["displayName"]},
            "client": {"device": client["device"], "ip": client["ipAddress"], "zone": client["zone"],
                       "user_agent": {"browser": client["userAgent"]["browser"], "os": client["userAgent"]["os"],
                                      "raw_user_agent": client["userAgent"]["rawUserAgent"]}},
            "debug_context": {"debug_data": {"request_id": record["debugContext"]["debugData"]["requestId"],
                                             "request_uri": record["debugContext"]["debugData"]["requestUri"],
                                             "threat_suspected": "false"}},
            "display_message": record["displayMessage"], "event_type": record["eventType"],
            "outcome": {key: value for key, value in outcome.items() if value is not None},
            "security_context": {"as": as_number, "is_proxy": False},
            "transaction": {"id": record["transaction"]["id"], "type": "WEB"}, "uuid": record["uuid"],
        },
    })  # fmt: skip
    if record["target"]:
        document["okta"]["target"] = [
            {
                "id": each["id"],
                "type": each["type"],
                "alternate_id": each["alternateId"],
                "display_name": each["displayName"],
            }
            for each in record["target"]
        ]
    return document


def _workspace(record: Record, category: str) -> dict[str, Any]:
    event = record["events"][0]
    name, _, domain = record["actor"]["email"].partition("@")
    application = record["id"]["applicationName"]
    outcome = {"outcome": "failure" if event["name"] == "login_failure" else "success"}
    document = _frame(record["id"]["time"], f"google_workspace.{application}", {
        "action": event["name"], "category": [category], "id": record["id"]["uniqueQualifier"], "provider": application,
        "type": ["start"] if category == "authentication" else ["user", "creation"],
        **(outcome if event["type"] == "login" else {})})  # fmt: skip
    document.update({
        "source": {"ip": record["ipAddress"], "user": {"domain": domain, "email": record["actor"]["email"],
                                                        "id": record["actor"]["profileId"], "name": name}},
        "user": {"domain": domain, "id": record["actor"]["profileId"], "name": name},
        "organization": {"id": record["id"]["customerId"]}, "related": {"ip": [record["ipAddress"]], "user": [name]},
        "google_workspace": {"actor": {"type": "USER"}, "event": {"type": event["type"]}, "kind": record["kind"],
                             "organization": {"domain": record["ownerDomain"]}},
    })  # fmt: skip
    return document


def workspace_login(record: Record) -> Record:
    document = _workspace(record, "authentication")
    short = {"login_type": "type", "login_challenge_method": "challenge_method", "login_failure_type": "failure_type",
             "login_timestamp": "timestamp"}  # fmt: skip
    document["google_workspace"]["login"] = {
        short.get(item["name"], item["name"]): item.get("value",
                                                        item.get("multiValue",
                                                                 item.get("boolValue", item.get("intValue"))))
        for item in record["events"][0]["parameters"]
    }  # fmt: skip
    return document


def workspace_admin(record: Record) -> Record:
    document = _workspace(record, "iam")
    email = record["events"][0]["parameters"][0]["value"]
    name, _, domain = email.partition("@")
    document["google_workspace"]["admin"] = {"user": {"email": email}}
    document["user"]["target"] = {"domain": domain, "email": email, "name": name}
    return document
