"""Kinds: how each sort of thing in a cluster is read, written and deleted, and where it carries its stamp."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..names import PREFIX
from . import attachment
from .stamp import KEY, Stamp, read_fields, read_name, read_text, stamp_of

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Body = dict[str, Any]

_OURS = f"{PREFIX}*"
_MANY = 1_000
PIVOT = "pivot"  # where a transform keeps the digest of how it groups


@dataclass(frozen=True)
class Kind:
    """One sort of thing. `part` is what the cluster must have for it, "" where every cluster has it."""

    what: str
    part: str
    get: Callable[[Elasticsearch, str], Any]
    """The stored thing; the client raises NotFoundError where there is none."""
    every: Callable[[Elasticsearch], dict[str, Any]]
    """All of the kind whose name begins as ours do; NotFoundError or nothing where there are none."""
    stamp: Callable[[Any], Stamp | None]
    put: Callable[[Elasticsearch, str, Body, Stamp], Any]
    delete: Callable[[Elasticsearch, str], Any]


def _put_component(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    return client.cluster.put_component_template(name=name, template=body["template"], meta=stamp.fields())


def _put_template(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    return client.indices.put_index_template(name=name, **body, meta=stamp.fields())


def _put_lifecycle(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    return client.ilm.put_lifecycle(name=name, policy={**body, "_meta": stamp.fields()})


def _put_pipeline(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    # The description carries the stamp, because OpenSearch keeps no metadata of a pipeline.
    given = {**body, "description": stamp.in_text(body.get("description", ""))}
    return client.ingest.put_pipeline(id=name, **given)


def _put_transform(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    """Makes a transform or changes one that is there, all but its pivot, which nobody can change; and starts it."""
    from elasticsearch import ConflictError, NotFoundError

    grouped = stamp_of(body["pivot"]).digest
    given = {**body, "_meta": {KEY: {**stamp.fields()[KEY], PIVOT: grouped}}}
    try:
        client.transform.get_transform(transform_id=name)
    except NotFoundError:
        client.transform.put_transform(transform_id=name, body=given)
    else:
        del given["pivot"]
        client.transform.update_transform(transform_id=name, body=given)
    try:
        return client.transform.start_transform(transform_id=name)
    except ConflictError:
        return None  # it runs


def _delete_transform(client: Elasticsearch, name: str) -> Any:
    client.transform.stop_transform(transform_id=name, force=True, wait_for_completion=True, allow_no_match=True)
    return client.transform.delete_transform(transform_id=name, force=True)


def _put_enrich(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    # A policy cannot be changed; its name ends in the digest of what it says, so another one has another name.
    client.enrich.put_policy(name=name, **body)
    return client.enrich.execute_policy(name=name, wait_for_completion=True)


def _put_index(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    """Makes an index as its templates say; brings the mapping of one that is there up to date."""
    if not client.indices.exists(index=name):
        return client.indices.create(index=name, wait_for_active_shards="1")
    return client.indices.put_mapping(index=name, body={**body, "_meta": stamp.fields()})


def _put_role(client: Elasticsearch, name: str, body: Body, stamp: Stamp) -> Any:
    return client.security.put_role(name=name, **body, metadata=stamp.fields())


def _by_name(things: list[Any], key: str) -> dict[str, Any]:
    return {one[key]: one for one in things}


def _policy_name(found: Any) -> str:
    (way,) = found["config"].values()
    return str(way["name"])


def _only(answer: Any, name: str) -> Any:
    """What stands under the name, or under the only name where an alias was asked for."""
    return answer.get(name) or next(iter(answer.values()))


KINDS: Mapping[str, Kind] = {
    "lifecycle": Kind(
        "lifecycle policy",
        "lifecycle",
        lambda client, name: client.ilm.get_lifecycle(name=name)[name]["policy"],
        lambda client: {name: one["policy"] for name, one in client.ilm.get_lifecycle().items()},
        lambda found: read_fields(found.get("_meta")),
        _put_lifecycle,
        lambda client, name: client.ilm.delete_lifecycle(name=name),
    ),
    "component": Kind(
        "component template",
        "",
        lambda client, name: client.cluster.get_component_template(name=name)["component_templates"][0],
        lambda client: _by_name(client.cluster.get_component_template(name=_OURS)["component_templates"], "name"),
        lambda found: read_fields(found["component_template"].get("_meta")),
        _put_component,
        lambda client, name: client.cluster.delete_component_template(name=name),
    ),
    "template": Kind(
        "index template",
        "",
        lambda client, name: client.indices.get_index_template(name=name)["index_templates"][0],
        lambda client: _by_name(client.indices.get_index_template(name=_OURS)["index_templates"], "name"),
        lambda found: read_fields(found["index_template"].get("_meta")),
        _put_template,
        lambda client, name: client.indices.delete_index_template(name=name),
    ),
    "index": Kind(
        "index",
        "",
        lambda client, name: _only(client.indices.get_mapping(index=name), name),
        lambda client: dict(client.indices.get_mapping(index=_OURS)),
        lambda found: read_fields(found["mappings"].get("_meta")),
        _put_index,
        lambda client, name: client.indices.delete(index=name),
    ),
    "pipeline": Kind(
        "ingest pipeline",
        "pipelines",
        lambda client, name: client.ingest.get_pipeline(id=name)[name],
        lambda client: dict(client.ingest.get_pipeline(id=_OURS)),
        lambda found: read_text(found.get("description")),
        _put_pipeline,
        lambda client, name: client.ingest.delete_pipeline(id=name),
    ),
    "attachment": Kind(
        "call in the pipeline",
        "pipelines",
        attachment.get,
        attachment.every,
        stamp_of,
        lambda client, name, body, stamp: attachment.put(client, name, body["calls"]),
        attachment.delete,
    ),
    "enrich": Kind(
        "enrich policy",
        "enrich",
        lambda client, name: client.enrich.get_policy(name=name)["policies"][0],
        lambda client: {_policy_name(one): one for one in client.enrich.get_policy()["policies"]},
        lambda found: read_name(_policy_name(found)),
        _put_enrich,
        lambda client, name: client.enrich.delete_policy(name=name),
    ),
    "transform": Kind(
        "transform",
        "transforms",
        lambda client, name: client.transform.get_transform(transform_id=name)["transforms"][0],
        lambda client: _by_name(client.transform.get_transform(transform_id=_OURS, size=_MANY)["transforms"], "id"),
        lambda found: read_fields(found.get("_meta")),
        _put_transform,
        _delete_transform,
    ),
    "role": Kind(
        "role",
        "security",
        lambda client, name: client.security.get_role(name=name)[name],
        lambda client: dict(client.security.get_role()),
        lambda found: read_fields(found.get("metadata")),
        _put_role,
        lambda client, name: client.security.delete_role(name=name),
    ),
}
