"""Product: the official client speaks to Elasticsearch only; this node lets it speak to OpenSearch too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from elastic_transport import HttpHeaders, Urllib3HttpNode
from elastic_transport._node import NodeApiResponse

_PRODUCT_HEADER = "x-elastic-product"
_MEDIA_TYPES = {"accept", "content-type"}
_VENDORED = "application/vnd.elasticsearch+"
# With these OpenSearch answers a request that has the media types of Elasticsearch.
_ANSWERS_OF_OTHERS = {*range(200, 300), 400, 404, 406, 415}


class AnyProduct(Urllib3HttpNode):
    """Speaks plain media types, and answers as the product the client insists on, once OpenSearch says it is that."""

    _is_opensearch: bool | None = None

    def perform_request(self, method: str, target: str, *arguments: Any, **keywords: Any) -> NodeApiResponse:
        """Send one request; one more, once, where an answer does not come from Elasticsearch."""
        if self._is_opensearch:
            return self._plainly(method, target, *arguments, **keywords)
        answer = super().perform_request(method, target, *arguments, **keywords)
        if self._is_opensearch is None and answer.meta.status in _ANSWERS_OF_OTHERS:
            if _PRODUCT_HEADER in answer.meta.headers:
                self._is_opensearch = False
            elif self._says_opensearch(keywords.get("headers")):
                self._is_opensearch = True
                # What was done must not be done twice; what was refused for its media type was not done.
                if _is_done(method, answer.meta.status):
                    return _as_elasticsearch(answer)
                return self._plainly(method, target, *arguments, **keywords)
        return answer

    def _says_opensearch(self, headers: Mapping[str, str] | None) -> bool:
        answer = super().perform_request("GET", "/", headers=_plain(headers))
        try:
            said = json.loads(answer.body)
            return bool(said["version"]["distribution"] == "opensearch")
        except (ValueError, KeyError, TypeError):
            return False

    def _plainly(self, method: str, target: str, *arguments: Any, **keywords: Any) -> NodeApiResponse:
        keywords["headers"] = _plain(keywords.get("headers"))
        return _as_elasticsearch(super().perform_request(method, target, *arguments, **keywords))


def _is_done(method: str, status: int) -> bool:
    return method not in ("GET", "HEAD") and status in range(200, 300)


def _as_elasticsearch(answer: NodeApiResponse) -> NodeApiResponse:
    headers = HttpHeaders({**answer.meta.headers, _PRODUCT_HEADER: "Elasticsearch"})
    return answer._replace(meta=replace(answer.meta, headers=headers))


def _plain(headers: Mapping[str, str] | None) -> HttpHeaders:
    return HttpHeaders(
        {
            name: value.replace(_VENDORED, "application/").split(";")[0] if name.lower() in _MEDIA_TYPES else value
            for name, value in (headers or {}).items()
        }
    )
