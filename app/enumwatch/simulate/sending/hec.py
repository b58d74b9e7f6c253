"""HEC: sends events to a Splunk HTTP Event Collector; what it refuses becomes one line that ends in what to do."""

from __future__ import annotations

import gzip
import json
import ssl
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ...elastic.secret import Secret

EVENT, HEALTH, ACK = "/services/collector/event", "/services/collector/health", "/services/collector/ack"
TOKEN_VARIABLE = "ENUMWATCH_HEC_TOKEN"  # noqa: S105 - the name of a variable
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_BUSY = (429, 503)
_ATTEMPTS = 6
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 15.0
_ACKNOWLEDGED_WITHIN = 30  # questions, one a second
_LARGEST_ANSWER, _LONGEST_TEXT = 65_536, 200

# What a collector answers, by the code in its answer, and by the status where that says nothing.
_CODES = {
    1: f"the token is disabled: enable it under Settings, Data inputs, HTTP Event Collector, or set another {TOKEN_VARIABLE}",
    2: f"no token arrived: set {TOKEN_VARIABLE}, and see whether a proxy takes the header Authorization away",
    3: f"the token cannot be read: set {TOKEN_VARIABLE} to its value alone",
    4: f"Splunk does not know the token: copy its value from HTTP Event Collector to {TOKEN_VARIABLE}",
    7: "the token may not write to that index: allow it for the token, or name another with --index",
    10: "the token asks for a channel: switch indexer acknowledgement off for it, or use another token",
    11: "the channel is not accepted: switch indexer acknowledgement off for the token, or use another",
}
_STATUSES = {
    400: "the request was refused: report what is said here",
    401: f"the token was refused: set {TOKEN_VARIABLE} to its value alone",
    403: f"the token was refused: copy its value from HTTP Event Collector to {TOKEN_VARIABLE}",
    404: "no event collector is there: mend --to, its port is 8088 unless somebody changed it",
    413: "the request was too large: raise max_content_length under [http_input] in limits.conf",
    429: "it has too much to do: try again later with --resume",
    503: "it is too busy or not ready: look at its queues and try again later with --resume",
}


class HecError(Exception):
    """Something that is wrong with the collector or the way to it: one line, ending in what to do."""


@dataclass(frozen=True)
class Collector:
    """Where the collector is, and who we are there."""

    url: str
    token: Secret
    ca: str | None = None
    is_packed: bool = False  # with gzip
    timeout_seconds: float = 30.0
    channel: str = field(default_factory=lambda: str(uuid.uuid4()))


class Hec:
    """Speaks with one collector."""

    def __init__(self, collector: Collector, pause: Callable[[float], object] = time.sleep) -> None:
        self._collector = collector
        self._pause = pause
        try:
            context = ssl.create_default_context(cafile=collector.ca)
        except (OSError, ssl.SSLError) as error:
            raise HecError(
                f"the CA file {collector.ca!r} cannot be read ({error}): name a PEM file with --ca"
            ) from None
        self._opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=context))
        self._unacknowledged: list[int] = []

    def check(self) -> None:
        """Raises HecError where no collector is there or it does not take events now."""
        status, _ = self._answered(HEALTH, None, says_missing=False)
        if status >= 400 and status not in (400, 404):  # older ones do not know the question
            raise HecError(self._line(status, {}))

    def send(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Sends events in one request, again where the collector is busy. Raises HecError where they were not taken."""
        body = "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in events)
        status, told = self._answered(EVENT, body.encode("utf-8", "replace"))
        if status != 200 or told.get("code") != 0:
            raise HecError(self._line(status, told))
        if isinstance(told.get("ackId"), int):
            self._unacknowledged.append(told["ackId"])

    def wait(self) -> bool:
        """Waits until everything is indexed, where the token acknowledges; False where that took too long."""
        for _ in range(_ACKNOWLEDGED_WITHIN):
            if not self._unacknowledged:
                return True
            asked = json.dumps({"acks": self._unacknowledged}).encode()
            status, told = self._answered(f"{ACK}?channel={self._collector.channel}", asked)
            if status != 200:
                raise HecError(self._line(status, told))
            known = told.get("acks") or {}
            self._unacknowledged = [one for one in self._unacknowledged if not known.get(str(one))]
            if self._unacknowledged:
                self._pause(1.0)
        return not self._unacknowledged

    def _answered(self, path: str, body: bytes | None, says_missing: bool = True) -> tuple[int, dict[str, Any]]:
        """Status and answer of a request, sent again where the collector is busy."""
        wait = _FIRST_PAUSE_SECONDS
        for attempt in range(_ATTEMPTS):
            status, told, asked_seconds = self._once(path, body)
            if status not in _BUSY or attempt + 1 == _ATTEMPTS:
                return status, told
            self._pause(min(max(wait, asked_seconds), _LONGEST_PAUSE_SECONDS))
            wait = min(2 * wait, _LONGEST_PAUSE_SECONDS)
        raise AssertionError("the last attempt returns")

    def _once(self, path: str, body: bytes | None) -> tuple[int, dict[str, Any], float]:
        headers = {
            "Authorization": f"Splunk {self._collector.token.reveal()}",
            "X-Splunk-Request-Channel": self._collector.channel,
            "Content-Type": "application/json",
        }
        if body is not None and self._collector.is_packed:
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        request = urllib.request.Request(self._collector.url + path, body, headers)  # noqa: S310 - http(s) by hec_url
        try:
            with self._opener.open(request, timeout=self._collector.timeout_seconds) as answer:
                return answer.status, _told(answer.read(_LARGEST_ANSWER)), 0.0
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _told(error.read(_LARGEST_ANSWER)), _seconds(error.headers.get("Retry-After"))
        except (OSError, ValueError) as error:
            raise HecError(unreached(self._collector.url, error)) from None

    def _line(self, status: int, told: Mapping[str, Any]) -> str:
        code = told.get("code")
        said = self._collector.token.hidden_in(str(told.get("text") or ""))[:_LONGEST_TEXT]
        number = told.get("invalid-event-number")
        where = f" at event {number}" if isinstance(number, int) else ""
        because = f"status {status}" + (f", code {code}: {said}{where}" if said else "")
        line = _CODES.get(code) if isinstance(code, int) else None
        line = line or _STATUSES.get(status)
        if line is None:
            is_moved = 300 <= status < 400
            line = "it points elsewhere: name the collector itself with --to" if is_moved else "look at its splunkd.log"
        return f"the event collector at {self._collector.url} took nothing ({because}): {line}"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token is for one place alone."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def hec_url(text: str) -> str:
    """The base URL of a collector; raises HecError where it is none, holds a secret, or would send one in the clear."""
    url = base_url(text, "--to", "https://HOST:8088", TOKEN_VARIABLE)
    return url.partition("/services/collector")[0]


def base_url(text: str, named: str, form: str, variable: str) -> str:
    """A URL without its end; raises HecError, which says how to write it and where its secret belongs."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise HecError(f"{named} {text!r} cannot be read: write it as {form}") from None
    if parts.username is not None or parts.password is not None:
        raise HecError(f"{named} holds a name or password: take it out, and set {variable}")
    if parts.scheme not in ("http", "https") or not host:
        known = "neither `elastic` nor a URL" if named == "--to" else "no URL"
        raise HecError(f"{named} {text!r} is {known}: write it as {form}")
    if parts.query or parts.fragment:
        raise HecError(f"{named} has something behind its path: write it as {form}")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise HecError(f"{named} begins with http://, so the token would cross the network unprotected: use https://")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def unreached(url: str, error: Exception, named: str = "--to") -> str:
    """One line about why nothing answered; `named` is where the URL comes from."""
    reason = getattr(error, "reason", None) or error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"the certificate of {url} is not trusted ({reason.verify_message}): name the file of its CA with --ca"
    if isinstance(reason, ssl.SSLError):
        return f"{url} does not speak TLS as it should ({reason.reason}): mend {named}, or its certificate"
    if isinstance(reason, TimeoutError):
        return f"{url} did not answer in time: try again, where events were sent with --resume; some may be there twice"
    return (
        f"{url} cannot be reached ({getattr(reason, 'strerror', None) or reason}): mend {named}, or open the way to it"
    )


def _told(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isascii() and text.isdigit() else 0.0
