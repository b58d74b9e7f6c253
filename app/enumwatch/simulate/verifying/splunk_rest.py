"""Splunk REST: runs a search on the management port and gives its rows; who asks is named in the environment."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from ...elastic.secret import Secret
from ...splunk.content.names import APP
from ..sending.hec import HecError, NoRedirect, base_url, unreached

URL_VARIABLE = "ENUMWATCH_SPLUNK_URL"
TOKEN_VARIABLE = "ENUMWATCH_SPLUNK_TOKEN"  # noqa: S105 - the name of a variable
_EXPORT = f"/servicesNS/nobody/{APP}/search/v2/jobs/export"
_TIMEOUT_SECONDS = 120.0
_LARGEST_ANSWER, _LONGEST_TEXT = 50_000_000, 200
_STATUSES = {
    400: "the search was refused, see whether the app enumwatch is installed and shared",
    401: f"the token was refused: make one under Settings, Tokens, and set {TOKEN_VARIABLE}",
    403: "its user may not do this: give the role the capability search, and access to the app enumwatch",
    404: f"no management port is there, or no app enumwatch: mend {URL_VARIABLE}, its port is 8089",
    503: "it runs as many searches as it may: try again later",
}


class SplunkError(Exception):
    """Something that is wrong with Splunk or the way to it: one line, ending in what to do."""


class Management:
    """The management port of a search head."""

    def __init__(self, url: str, token: Secret, ca: str | None = None) -> None:
        self._url = url
        self._token = token
        try:
            context = ssl.create_default_context(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise SplunkError(f"the CA file {ca!r} cannot be read ({error}): name a PEM file with --ca") from None
        self._opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=context))

    @staticmethod
    def of_environment(environment: Mapping[str, str], ca: str | None = None) -> Management:
        """The one that the environment names; raises SplunkError where something is missing or may not be."""
        token = environment.get(TOKEN_VARIABLE, "").strip()
        if not token or not token.isascii() or not token.isprintable():
            raise SplunkError(f"no token is given: make one in Splunk under Settings, Tokens, and set {TOKEN_VARIABLE}")
        try:
            url = base_url(environment.get(URL_VARIABLE, "").strip(), URL_VARIABLE, "https://HOST:8089", TOKEN_VARIABLE)
        except HecError as error:
            raise SplunkError(str(error)) from None
        return Management(url, Secret(token), ca)

    def rows(self, search: str) -> Iterator[Mapping[str, str]]:
        """Every row of a search in the app, once it is done; raises SplunkError."""
        asked = {
            "search": search,
            "output_mode": "json",
            "preview": "false",
            "earliest_time": "-30d",
            "latest_time": "+1d",
        }
        request = urllib.request.Request(  # noqa: S310 - http(s) by base_url
            self._url + _EXPORT,
            urllib.parse.urlencode(asked).encode(),
            {"Authorization": f"Bearer {self._token.reveal()}"},
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                content = answer.read(_LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                said = self._said(error.read(_LARGEST_ANSWER))
            line = _STATUSES.get(error.code, "look at its splunkd.log")
            raise SplunkError(f"Splunk at {self._url} refused a search (status {error.code}{said}): {line}") from None
        except (OSError, ValueError) as error:
            raise SplunkError(unreached(self._url, error, URL_VARIABLE)) from None
        yield from self._read(content)

    def _read(self, content: bytes) -> Iterator[Mapping[str, str]]:
        """One object a line: rows, and words of the search, of which one of type FATAL or ERROR ends it."""
        for line in content.splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                raise SplunkError(f"{self._url} does not answer as Splunk does: mend {URL_VARIABLE}") from None
            for message in _dictionaries(told.get("messages")) if isinstance(told, dict) else ():
                if message.get("type") in ("FATAL", "ERROR"):
                    said = self._token.hidden_in(str(message.get("text")))[:_LONGEST_TEXT]
                    raise SplunkError(f"a search failed in Splunk ({said}): run it there, see verify --searches")
            row = told.get("result") if isinstance(told, dict) else None
            if isinstance(row, dict):
                yield {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in row.items()}

    def _said(self, content: bytes) -> str:
        try:
            messages = _dictionaries(json.loads(content)["messages"])
            text = "; ".join(str(one.get("text")) for one in messages)
        except (ValueError, KeyError, TypeError):
            return ""
        return f", {self._token.hidden_in(text)[:_LONGEST_TEXT]}" if text else ""


def _dictionaries(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
