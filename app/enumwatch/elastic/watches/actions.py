"""Actions: whom a watch tells besides the index, and in which form.

Values of a log reach each of them as plain text: the scripts have taken control characters out and written what Slack
reads as a link or mention in its own escapes, and no template is read twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

MOST_NOTICES = 50  # of one run of a watch
_NOTICES = "ctx.payload.notices"


class ActionError(ValueError):
    """An action cannot be made as it was asked for; the message ends in what to do."""


@dataclass(frozen=True)
class Actions:
    """Who is told of a new or risen finding. Accounts with their secrets are set up in the cluster; here are only names.

    `email` are the receivers, `slack` channels or people, `webhook` a URL that takes JSON, `pagerduty` is true to raise
    an event. The accounts are those of the cluster's settings, its default ones where they are empty.
    """

    email: tuple[str, ...] = ()
    email_account: str = ""
    slack: tuple[str, ...] = ()
    slack_account: str = ""
    webhook: str = ""
    pagerduty: bool = False
    pagerduty_account: str = ""

    def settings(self) -> dict[str, Any]:
        """All of it as plain values, for the hash of the configuration."""
        return asdict(self)


NOBODY = Actions()


def action_bodies(actions: Actions) -> dict[str, dict[str, Any]]:
    """The actions of a watch that tell somebody, by id; raises ActionError where the webhook is no URL."""
    made: dict[str, dict[str, Any]] = {}
    if actions.email:
        made["email"] = {"email": _email(actions)}
    if actions.slack:
        made["slack"] = {"slack": _slack(actions)}
    if actions.webhook:
        made["webhook"] = {"webhook": _webhook(actions.webhook)}
    if actions.pagerduty:
        made["pagerduty"] = {"pagerduty": _pagerduty(actions)}
    return {name: _for_each_notice(body) for name, body in made.items()}


def _for_each_notice(body: Mapping[str, Any]) -> dict[str, Any]:
    # Watcher calls it a failure to go through an empty list.
    condition = {"compare": {"ctx.payload.count": {"gt": 0}}}
    return {"condition": condition, "foreach": _NOTICES, "max_iterations": MOST_NOTICES, **body}


def _email(actions: Actions) -> dict[str, Any]:
    body = {
        "to": list(actions.email),
        "subject": "{{{ctx.payload.title}}}",
        "body": {"text": "{{{ctx.payload.text}}}"},
    }
    return {"account": actions.email_account, **body} if actions.email_account else body


def _slack(actions: Actions) -> dict[str, Any]:
    attachment = {
        "author_name": "enumwatch",
        "title": "{{{ctx.payload.verdict}}}",
        "color": "{{{ctx.payload.color}}}",
        "fallback": "{{{ctx.payload.title}}}",
        # Not named in mrkdwn_in, so Slack shows it as it is.
        "text": "{{{ctx.payload.slack}}}",
    }
    message = {
        "from": "enumwatch",
        "to": list(actions.slack),
        "text": "{{{ctx.payload.title}}}",
        "attachments": [attachment],
    }
    return {**({"account": actions.slack_account} if actions.slack_account else {}), "message": message}


def _webhook(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ActionError(f"the webhook {parts.scheme or 'without a scheme'} is no URL: give one as https://host/path")
    if parts.username or parts.password or parts.query:
        raise ActionError("the webhook holds a secret or a query: give a URL that needs none, as https://host/path")
    return {
        "scheme": parts.scheme,
        "host": parts.hostname,
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "method": "post",
        "path": parts.path or "/",
        "headers": {"Content-Type": "application/json"},
        "body": "{{#toJson}}ctx.payload{{/toJson}}",
    }


def _pagerduty(actions: Actions) -> dict[str, Any]:
    body: dict[str, Any] = {
        "event_type": "trigger",
        "incident_key": "{{{ctx.payload.id}}}",
        "description": "{{{ctx.payload.title}}}: {{{ctx.payload.because}}}{{{ctx.payload.caution}}}",
        "client": "enumwatch",
        "attach_payload": False,
    }
    return {"account": actions.pagerduty_account, **body} if actions.pagerduty_account else body
