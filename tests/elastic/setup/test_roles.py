"""Roles on a node with security: each is enough for its work, needs every privilege it has, and may do nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tests.commands.running import Run
from tests.commands.running import run as run  # a fixture
from tests.engines.elastic.indexing import index_name, put, template
from tests.nodes.process import NoNodeError
from tests.nodes.secured import PASSWORD, SUPERUSER, running_secured

from enumwatch.elastic.cluster import look_at
from enumwatch.elastic.connection import Connection, client_of
from enumwatch.elastic.faults import ClusterError, told_as_faults
from enumwatch.elastic.names import CONTACTS, MEMORY, RUNS, VERDICTS, lookup_index
from enumwatch.elastic.secret import Secret
from enumwatch.elastic.setup import roles
from enumwatch.engines.elastic.contacts import ContactReader, logs
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

from .nodes import cleared, looked_over, set_up

Work = Callable[[Elasticsearch], Any]

OWN = (CONTACTS, VERDICTS, MEMORY, RUNS)
TABLE = lookup_index("domains")
FOREIGN = "payroll"
SOURCE = "entra_signin"
LOG = index_name(compiled()["sources"][SOURCE]["elastic"]["indices"][0], "default")
LOGS = roles.log_indices(compiled())
BODIES = roles.role_bodies(LOGS)
# Their functions are not on this node; what needs them is in `unserved.py`.
UNSERVED = {"manage_ilm", "manage_transform", "manage_enrich", "manage_watcher"}


def privileges(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every privilege of a role, with the place where it is given."""
    yield from (("cluster", one) for one in body["cluster"])
    yield from ((",".join(part["names"]), one) for part in body["indices"] for one in part["privileges"])


def without(body: Mapping[str, Any], place: str, privilege: str) -> dict[str, Any]:
    """The role without one privilege."""

    def rest(names: list[str]) -> list[str]:
        return [one for one in names if one != privilege]

    parts = [
        {**part, "privileges": rest(part["privileges"])} if ",".join(part["names"]) == place else part
        for part in body["indices"]
    ]
    cluster = rest(body["cluster"]) if place == "cluster" else body["cluster"]
    return {"cluster": cluster, "indices": [part for part in parts if part["privileges"]]}


LESSER = {
    f"{name}-{number}": (name, place, one)
    for name, body in BODIES.items()
    for number, (place, one) in enumerate(privileges(body))
    if one not in UNSERVED
}
Users = Callable[[str], Elasticsearch]


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Users]:
    """Clients of a node with a log, as the user of a role."""
    given = {**BODIES, **{user: without(BODIES[name], place, one) for user, (name, place, one) in LESSER.items()}}
    clients: dict[str, Elasticsearch] = {}
    try:
        with running_secured(given) as address:

            def user(name: str) -> Elasticsearch:
                if name not in clients:
                    there = Connection(url=address, user=name, password=Secret(PASSWORD))
                    clients[name] = client_of(there).options(request_timeout=120)
                return clients[name]

            prepare(user(SUPERUSER), tmp_path_factory.mktemp("log"))
            yield user
            for client in clients.values():
                client.close()
    except NoNodeError as missing:
        pytest.skip(str(missing))


def prepare(client: Elasticsearch, folder: Path) -> None:
    """A log to read, and an index that is nobody's business."""
    client.cluster.health(wait_for_status="yellow", timeout="60s")
    template(client)
    made = simulate("fast_enumeration", SOURCE, seed=5, out=folder, users=40, form="ecs", events=60)
    put(client, LOG, [json.loads(line) for line in made.files[0].read_text("utf-8").splitlines()])
    client.index(index=FOREIGN, id="1", document={"salary": 1}, refresh=True)


def read_logs(client: Elasticsearch) -> None:
    """What the runner reads: the contacts of a log."""
    log = logs(compiled())[SOURCE]
    assert list(ContactReader(client, log, load_lookups().outcomes).contacts())


def types_of_logs(client: Elasticsearch) -> None:
    client.indices.get_mapping(index=LOG)


def write(index: str, client: Elasticsearch) -> None:
    actions = [{"_index": index, "_id": "1", "_source": {"message": "x"}}]
    bulk(client, actions, refresh="wait_for")


def erase(index: str, client: Elasticsearch) -> None:
    bulk(client, [{"_op_type": "delete", "_index": index, "_id": "1"}])


def refresh(index: str, client: Elasticsearch) -> None:
    client.indices.refresh(index=index)


def ask(index: str, client: Elasticsearch) -> None:
    client.search(index=index)


def rebuild(client: Elasticsearch) -> None:
    """Everything that setup and remove do."""
    cleared(client)
    set_up(client)
    assert {one.state for one in looked_over(client)} == {"current"}


def put_pipeline(client: Elasticsearch) -> None:
    client.ingest.put_pipeline(id="enumwatch-test", processors=[])
    client.ingest.delete_pipeline(id="enumwatch-test")


def put_template(client: Elasticsearch) -> None:
    client.cluster.put_component_template(name="enumwatch-test", template={})
    client.cluster.delete_component_template(name="enumwatch-test")


def put_index(client: Elasticsearch) -> None:
    client.indices.create(index="enumwatch-test")
    client.indices.put_mapping(index="enumwatch-test", properties={"x": {"type": "keyword"}})
    client.indices.delete(index="enumwatch-test")


def types_of(index: str, client: Elasticsearch) -> None:
    client.indices.get_mapping(index=index)


# What each privilege is there for; the place tells the logs from what is ours.
WORK: Mapping[str, Mapping[str, tuple[Work, ...]]] = {
    roles.SETUP_ROLE: {
        "cluster monitor": (look_at,),
        "cluster manage_index_templates": (put_template,),
        "cluster manage_ingest_pipelines": (put_pipeline,),
        "own manage": (put_index,),
        "own read": (partial(ask, VERDICTS),),
        "own index": (partial(write, TABLE),),
        "own delete": (partial(erase, TABLE),),
        "logs read": (partial(ask, LOG), read_logs),
        "logs view_index_metadata": (partial(types_of, LOG),),
    },
    roles.RUNNER_ROLE: {
        "cluster monitor": (look_at,),
        "own read": tuple(partial(ask, index) for index in OWN),
        "own index": tuple(partial(write, index) for index in OWN),
        "own delete": tuple(partial(erase, index) for index in OWN),
        "own maintenance": tuple(partial(refresh, index) for index in OWN),
        "logs read": (partial(ask, LOG), read_logs),
    },
    roles.ANALYST_ROLE: {
        "own read": tuple(partial(ask, index) for index in (*OWN, TABLE)),
        "own view_index_metadata": tuple(partial(types_of, index) for index in (*OWN, TABLE)),
    },
}
OUTSIDE: Mapping[str, tuple[Work, ...]] = {
    roles.SETUP_ROLE: (
        partial(ask, FOREIGN),
        partial(write, LOG),
        lambda client: client.indices.delete(index=FOREIGN),
        lambda client: client.indices.delete(index=LOG),
        lambda client: client.cluster.put_settings(persistent={"action.auto_create_index": "false"}),
    ),
    roles.RUNNER_ROLE: (
        partial(ask, FOREIGN),
        partial(ask, TABLE),
        partial(write, LOG),
        partial(write, FOREIGN),
        partial(write, TABLE),
        partial(write, "enumwatch-new"),
        lambda client: client.indices.delete(index=FOREIGN),
        lambda client: client.indices.delete(index=VERDICTS),
        lambda client: client.indices.put_settings(index=VERDICTS, settings={"index.blocks.write": True}),
        lambda client: client.ingest.put_pipeline(id="enumwatch-x", processors=[]),
        lambda client: client.cluster.put_component_template(name="enumwatch-x", template={}),
    ),
    roles.ANALYST_ROLE: (
        *(partial(do, index) for index in (*OWN, TABLE) for do in (write, erase)),
        partial(ask, FOREIGN),
        partial(ask, LOG),
        lambda client: client.indices.delete(index=VERDICTS),
        lambda client: client.nodes.info(),
    ),
}


def is_refused(work: Work, client: Elasticsearch) -> bool:
    try:
        with told_as_faults():
            work(client)
    except ClusterError as error:
        return error.kind == "permission" and str(error).endswith("--roles prints")
    return False


def made(users: Users, name: str) -> Elasticsearch:
    """The user, where everything is set up."""
    client = users(SUPERUSER)
    if not client.indices.exists(index=RUNS):
        set_up(users(roles.SETUP_ROLE))  # the superuser would be asked to give roles, which this node cannot keep
    client.index(index=TABLE, id="1", document={"domain": "contoso.example"}, refresh=True)
    return users(name)


@pytest.mark.parametrize("name", BODIES)
def test_a_role_is_enough_for_its_work(users: Users, name: str) -> None:
    client = made(users, name)
    for works in WORK[name].values():
        for work in works:
            work(client)


def test_the_role_for_setup_takes_everything_away_and_makes_it_again(users: Users) -> None:
    rebuild(made(users, roles.SETUP_ROLE))


def test_the_runner_finds_what_there_is_with_its_role_alone(
    users: Users, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (node,) = made(users, roles.RUNNER_ROLE).transport.node_pool.all()
    named = {"URL": node.base_url, "USER": roles.RUNNER_ROLE, "PASSWORD": PASSWORD}
    for name, text in named.items():
        monkeypatch.setenv(f"ENUMWATCH_ELASTIC_{name}", text)
    ran = run("elastic", "run", "--once", "--since", "2026-01-01", "--contacts", "write")
    assert ran.code == 0, ran.err
    assert "wrote 1 verdicts" in ran.err
    users(SUPERUSER).indices.refresh(index="enumwatch-*")
    assert all(users(SUPERUSER).count(index=index)["count"] for index in OWN)


@pytest.mark.parametrize("name", BODIES)
def test_a_role_may_do_nothing_else(users: Users, name: str) -> None:
    client = made(users, name)
    assert [number for number, work in enumerate(OUTSIDE[name]) if not is_refused(work, client)] == []
    assert users(SUPERUSER).indices.exists(index=f"{FOREIGN},{LOG},{VERDICTS}")


@pytest.mark.parametrize("user", LESSER, ids=[f"{name} {place[:9]} {one}" for name, place, one in LESSER.values()])
def test_a_role_needs_every_privilege_it_has(users: Users, user: str) -> None:
    name, place, one = LESSER[user]
    where = {"cluster": "cluster", ",".join(LOGS): "logs"}.get(place, "own")
    client = made(users, user)
    works = WORK[name][f"{where} {one}"]
    if where == "logs":
        works = works[:1]  # a pattern that may not be read finds nothing, and refuses nothing
    assert [work for work in works if not is_refused(work, client)] == []


def test_what_setup_prints_is_what_was_proven() -> None:
    printed = roles.as_requests(LOGS)
    for name, body in BODIES.items():
        assert f"PUT /_security/role/{name}\n{json.dumps(body, indent=2)}" in printed
    keys = roles.key_bodies(LOGS)
    assert keys.keys() == {roles.SETUP_ROLE, roles.RUNNER_ROLE}
    assert all(key["role_descriptors"] == {name: BODIES[name]} for name, key in keys.items())
    assert json.loads(roles.as_roles_file(BODIES).splitlines()[0].partition(": ")[2]) == BODIES[roles.SETUP_ROLE]


def test_a_wrong_password_is_told_and_not_shown(users: Users) -> None:
    (node,) = users(SUPERUSER).transport.node_pool.all()
    wrong = Connection(url=node.base_url, user="enumwatch-runner", password=Secret("not this one"))
    with client_of(wrong) as client, pytest.raises(ClusterError, match="refuses the key") as caught, told_as_faults():
        client.count()
    assert "not this one" not in str(caught.value)
