"""Executes a watch as Watcher would, piece by piece in real engines: templates, searches, Painless, the index action.

OpenSearch has mustache, Painless and scripts in searches; what it lacks is the scheduler, which hands in a time here, and
the senders of mail and messages, whose requests are returned as they would be sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from enumwatch.elastic.watches.stored import scripts

Body = dict[str, Any]

_LAST_RETURN = re.compile(r"^return (.*);\n\Z", re.MULTILINE)


@dataclass
class Outcome:
    """What came of one execution."""

    is_met: bool
    payloads: list[Body] = field(default_factory=list)  # after the input, and after each transform
    documents: list[Body] = field(default_factory=list)  # as they were indexed
    sent: dict[str, list[Body]] = field(default_factory=dict)  # action → what it would send

    @property
    def largest(self) -> int:
        """Bytes of the largest payload."""
        return max(len(json.dumps(one).encode()) for one in self.payloads)


class Engines:
    """The nodes a watch is executed on: `scripting` runs templates and Painless, `searched` holds the indices."""

    def __init__(self, scripting: Elasticsearch, searched: Elasticsearch) -> None:
        self.scripting = scripting
        self.searched = searched
        self.sources = {name: body["script"]["source"] for name, body in scripts().items()}

    def execute(self, watch: Mapping[str, Any], scheduled: str) -> Outcome:
        """What the watch does when it is triggered at a time."""
        ctx: Body = {
            "watch_id": "tested",
            "metadata": watch["metadata"],
            "trigger": {"scheduled_time": scheduled, "triggered_time": scheduled},
            "vars": {},
            "payload": {},
        }
        for one in watch["input"]["chain"]["inputs"]:
            for name, part in one.items():
                ctx["payload"][name] = self._search(part["search"], ctx)
        done = Outcome(self._is_met(watch["condition"], ctx), [ctx["payload"]])
        if not done.is_met:
            return done
        for part in watch["transform"]["chain"]:
            ctx["payload"] = self._transformed(part["script"], ctx)
            done.payloads.append(ctx["payload"])
        for name, action in watch["actions"].items():
            if "index" in action:
                done.documents = self._index(action["index"], ctx["payload"])
            else:
                done.sent[name] = list(self._told(name, action, ctx))
        return done

    def rendered(self, template: str, model: Mapping[str, Any]) -> str:
        """A text template, filled by the mustache of the node."""
        processors = [{"set": {"field": "rendered", "value": template}}]
        answer = self.scripting.ingest.simulate(pipeline={"processors": processors}, docs=[{"_source": dict(model)}])
        text: str = _only_document(answer)["rendered"]
        return text

    def _search(self, part: Mapping[str, Any], ctx: Body) -> Body:
        request = part["request"]
        source = request["template"]["source"] if "template" in request else json.dumps(request["body"])
        body = self.scripting.render_search_template(source=source, params={"ctx": ctx})["template_output"]
        answer = self.searched.search(
            index=request["indices"],
            ignore_unavailable=True,
            allow_no_indices=True,
            rest_total_hits_as_int=request["rest_total_hits_as_int"],
            **body,
        )
        assert answer["_shards"]["failed"] == 0, answer["_shards"]
        found: Body = _extracted(answer.body, [path.split(".") for path in part["extract"]])
        return found

    def _is_met(self, condition: Mapping[str, Any], ctx: Body) -> bool:
        if "compare" in condition:
            ((path, test),) = condition["compare"].items()
            assert list(test) == ["gt"]
            return bool(_value_at({"ctx": ctx}, path) > test["gt"])
        script = condition["script"]
        source = "def ctx = params.ctx;\n" + self.sources[script["id"]]
        answer = self.scripting.scripts_painless_execute(script={"source": source, "params": {"ctx": ctx}})
        return answer["result"] == "true"

    def _transformed(self, script: Mapping[str, Any], ctx: Body) -> Body:
        """Runs in the context of ingest, the one here that has `ctx` and hashes as those of Watcher do."""
        source, count = _LAST_RETURN.subn(r"ctx.result = \1;", self.sources[script["id"]])
        assert count == 1, "a transform returns once, at its end"
        processor = {"script": {"source": source, "params": script.get("params", {})}}
        answer = self.scripting.ingest.simulate(pipeline={"processors": [processor]}, docs=[{"_source": ctx}])
        result: Body = _only_document(answer)["result"]
        return result

    def _index(self, action: Mapping[str, Any], payload: Body) -> list[Body]:
        actions = [
            {"_index": action["index"], "_id": one["_id"], "_source": _without_id(one)} for one in payload["_doc"]
        ]
        bulk(self.searched, actions)
        self.searched.indices.refresh(index=action["index"])
        return list(payload["_doc"])

    def _told(self, name: str, action: Mapping[str, Any], ctx: Body) -> Iterator[Body]:
        if not _value_at({"ctx": ctx}, next(iter(action["condition"]["compare"]))):
            return
        for each in _value_at({"ctx": ctx}, action["foreach"])[: action["max_iterations"]]:
            model = {"ctx": {**ctx, "payload": each}}
            yield self._filled(action[name], model)

    def _filled(self, value: Any, model: Mapping[str, Any]) -> Any:
        if isinstance(value, str):
            return self.rendered(value, model) if "{{" in value else value
        if isinstance(value, Mapping):
            return {key: self._filled(one, model) for key, one in value.items()}
        return [self._filled(one, model) for one in value] if isinstance(value, list) else value


def _only_document(answer: Any) -> Body:
    (one,) = answer["docs"]
    assert "doc" in one, json.dumps(one)[:3_000]
    source: Body = one["doc"]["_source"]
    return source


def _extracted(value: Any, paths: Sequence[Sequence[str]]) -> Any:
    """What Watcher keeps of a response: the parts at these paths, through lists."""
    if isinstance(value, list):
        return [_extracted(one, paths) for one in value]
    found = {}
    for key, one in value.items():
        rest = [path[1:] for path in paths if path[0] == key]
        if any(not path for path in rest):
            found[key] = one
        elif rest and isinstance(one, dict | list):
            found[key] = _extracted(one, rest)
    return found


def _value_at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value[key]
    return value


def _without_id(document: Mapping[str, Any]) -> Body:
    return {key: value for key, value in document.items() if key != "_id"}
