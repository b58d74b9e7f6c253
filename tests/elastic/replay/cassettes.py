"""Cassettes: what a real node answered, kept so that it can be answered again where there is no node.

`make record` writes them anew. Nothing of the machine that recorded them is in them: a neutral host, no headers but those
that the client reads, no key.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import vcr

FOLDER = Path(__file__).with_name("cassettes")
IS_RECORDING = bool(os.environ.get("ENUMWATCH_RECORD"))
# Where nobody listens: a request that is in no cassette is refused and not sent.
NOWHERE = "http://127.0.0.1:9"

_NEUTRAL = "cluster.example"
# When and how long a runner ran.
_OF_ONE_RUN = frozenset({"seconds", "lag_seconds", "message", "@timestamp"})
_KEPT_HEADERS = {"content-type", "x-elastic-product", "content-length"}
_ADDRESS = re.compile(r"(?:127\.0\.0\.1|\[::1\]|localhost):\d{2,5}")
_MACHINES = re.compile(r'"(?:name|host|node_name|issued_to|issuer|cluster_name|uid|cluster_uuid)"\s*:\s*"[^"]*"')


@contextmanager
def cassette(name: str) -> Iterator[None]:
    """Records what is asked inside, or answers it from what was recorded; everything recorded has to be asked."""
    recorder = vcr.VCR(
        record_mode="all" if IS_RECORDING else "none",
        match_on=("method", "path", "query", "json_body"),
        before_record_request=_neutral_request,
        before_record_response=_neutral_response,
        decode_compressed_response=True,
    )
    recorder.register_matcher("json_body", _same_body)
    path = FOLDER / f"{name}.yaml"
    if IS_RECORDING:
        path.unlink(missing_ok=True)
    with recorder.use_cassette(str(path)) as tape:
        yield
        left = [f"{request.method} {request.path}" for request in tape.requests] if not tape.all_played else []
    assert IS_RECORDING or not left, f"{name}: not everything recorded was asked; run make record"


def _same_body(one: Any, other: Any) -> None:
    assert _parsed(one.body) == _parsed(other.body), "another body; run make record"


def _parsed(body: Any) -> Any:
    text = body.decode("utf-8") if isinstance(body, bytes) else body or ""
    try:
        return _timeless([json.loads(line) for line in text.splitlines() if line])
    except ValueError:
        return text


def _timeless(value: Any) -> Any:
    """A body without what tells one run from another that does the same."""
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name not in _OF_ONE_RUN}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


def _neutral_request(request: Any) -> Any:
    parts = urlsplit(request.uri)
    request.uri = urlunsplit(parts._replace(scheme="https", netloc=_NEUTRAL))
    request.headers = {"content-type": request.headers.get("content-type", "application/json")}
    return request


def _neutral_response(response: dict[str, Any]) -> dict[str, Any]:
    headers = response["headers"]
    response["headers"] = {name: value for name, value in headers.items() if name.lower() in _KEPT_HEADERS}
    body = response["body"]["string"]
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    text = _ADDRESS.sub(_NEUTRAL, text)
    text = _without_machines(text)
    response["body"]["string"] = text.encode("utf-8")
    for name in list(response["headers"]):
        if name.lower() == "content-length":
            response["headers"][name] = [str(len(response["body"]["string"]))]
    return response


def _without_machines(text: str) -> str:
    """An answer about the cluster itself without its names; names in answers about our things stay."""
    is_about_cluster = '"license"' in text[:20] or '"cluster_name"' in text or '"nodes"' in text[:20]
    return _MACHINES.sub(lambda found: f'{found[0].partition(":")[0]}:"redacted"', text) if is_about_cluster else text
