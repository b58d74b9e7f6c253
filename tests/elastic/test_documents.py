"""What is written as a document comes back as it was, whatever a log wrote into it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.making import RULEBOOK, contact, context, findings, names, success
from tests.core.strategies import CONTACTS

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.memory.row import MemoryRow
from enumwatch.elastic import documents, mappings

HOSTILE = (
    "{{ctx.payload}} ${jndi:x} \"'\\ \x00\x1b[2J\u202e</script>",
    "\ud800 half a letter",
    "a" * 65_536,
    "=cmd|' /C calc'!A0, \r\n",
    "..a..b.",
    "",
)
TEXTS = st.one_of(st.text(st.characters(), max_size=20), st.sampled_from(HOSTILE))


def verdicts_with(text: str) -> list[str]:
    """Findings about an actor who wrote this wherever one can."""
    rows = [one._replace(target=f"{turn}{text}@contoso.example") for turn, one in enumerate(names(30))]
    rows = [one._replace(user_agent=text, app=text, actor=text, asn=text[:12]) for one in rows]
    return [documents.finding_json(one) for one in findings([*rows, success(900, rows[3].target)])]


@settings(max_examples=25)
@given(TEXTS)
def test_a_verdict_comes_back_byte_by_byte(text: str) -> None:
    for finding in verdicts_with(text):
        document = documents.verdict_document(finding, RULEBOOK)
        sent = json.dumps(document, ensure_ascii=False).encode("utf-8")  # a half surrogate would not go through
        assert documents.finding_of(json.loads(sent)) == finding
        assert not documents.is_withdrawn(document)


@settings(max_examples=25)
@given(CONTACTS)
def test_a_document_says_every_key_of_its_verdict(contacts: list[Contact]) -> None:
    for verdict in findings(contacts):
        own = documents.verdict_document(documents.finding_json(verdict), RULEBOOK)["enumwatch"]
        assert {name: own[name] for name in verdict.to_dict()} == json.loads(json.dumps(verdict.to_dict()))
        assert own["digest"] == documents.digest_of(own["finding"])


def test_a_verdict_is_an_alert_of_the_common_schema() -> None:
    (finding,) = verdicts_with("Mozilla")
    document = documents.verdict_document(finding, RULEBOOK)
    assert document["event"]["category"] == ["intrusion_detection", "authentication"]
    assert document["event"]["id"] == document["enumwatch"]["finding_id"]
    assert document["source"] == {"ip": ["203.0.113.9"]}  # what is no number is no autonomous system
    assert document["threat"]["technique"]["reference"][0] == "https://attack.mitre.org/techniques/T1078/004/"
    assert document["message"].startswith(document["enumwatch"]["verdict"])
    assert "\n" not in document["message"]


@given(TEXTS, TEXTS)
def test_a_contact_comes_back(target: str, agent: str) -> None:
    clean = agent.encode("utf-8", "replace").decode()
    made = contact(1.5, target.encode("utf-8", "replace").decode(), 3, user_agent=clean, src_ip="not an address")
    document = json.loads(json.dumps(documents.contact_document(made), ensure_ascii=False).encode("utf-8"))
    assert documents.contact_of(document) == made
    assert document["enumwatch"]["contact"].keys() == made._asdict().keys()
    assert "source" not in document


def test_a_contact_that_a_transform_wrote_has_its_times_in_milliseconds() -> None:
    made = contact(1.25, lasts=60)
    document = documents.contact_document(made)
    for name in ("hour", "first", "last"):
        document["enumwatch"]["contact"][name] = getattr(made, name) / 1_000
    assert documents.contact_of(document) == made


def test_the_id_of_a_contact_tells_its_keys_and_no_counts() -> None:
    one = contact(1)
    assert documents.contact_id(one) == documents.contact_id(one._replace(attempts=7, last=one.last + 5))
    others = [one._replace(target="b"), one._replace(target_visible=False), one._replace(app="x"), contact(3_600)]
    assert len({documents.contact_id(each) for each in (one, *others)}) == 5


def stored(rows: list[MemoryRow]) -> list[MemoryRow]:
    sent = [json.dumps(one, ensure_ascii=False).encode("utf-8") for _, one in documents.memory_documents("a", 1, rows)]
    return [row for one in sent for row in documents.memory_rows(json.loads(one))]


@settings(max_examples=25)
@given(CONTACTS)
def test_memory_comes_back(contacts: list[Contact]) -> None:
    memory = decide(contacts, context(), memory=()).memory
    assert sorted(stored(memory)) == memory


@pytest.mark.parametrize("text", HOSTILE)
def test_memory_of_a_hostile_name_comes_back(text: str) -> None:
    rows = [MemoryRow(text, text, "name", '{"_":"dict","v":[]}', 1, 2)]
    assert stored(rows) == rows


def test_no_document_of_the_memory_is_large_because_there_are_many_rows() -> None:
    rows = [MemoryRow(str(turn), "", "name", "x" * 1_000, 1, 2) for turn in range(1_000)]
    sizes = [len(one["value"]) for _, one in documents.memory_documents("a", 1, rows)]
    assert len(sizes) == 6
    assert max(sizes) < 250_000
    assert stored(rows) == rows


def test_the_mappings_name_every_field_that_a_contact_and_a_verdict_have() -> None:
    contact_fields = mappings.contact_mapping()["properties"]["enumwatch"]["properties"]["contact"]["properties"]
    assert list(contact_fields) == list(Contact._fields)
    own = mappings.verdict_mapping()["properties"]["enumwatch"]["properties"]
    (finding,) = verdicts_with("Mozilla")
    document = documents.verdict_document(finding, RULEBOOK)
    assert document["enumwatch"].keys() - own.keys() == set()
    assert document["enumwatch"]["evidence"].keys() == own["evidence"]["properties"].keys()
    assert document["enumwatch"]["actor"].keys() == own["actor"]["properties"].keys()


@pytest.mark.parametrize("make", ["contact", "verdict", "memory", "run"])
def test_no_text_of_a_log_can_break_the_indexing_or_add_a_field(make: str, bare_cluster: Elasticsearch) -> None:
    index = f"documents-{make}"
    bare_cluster.indices.create(index=index, mappings=getattr(mappings, f"{make}_mapping")())
    before = bare_cluster.indices.get_mapping(index=index)[index]
    try:
        for number, document in enumerate(hostile_documents(make)):
            bare_cluster.index(index=index, id=str(number), document=document)
            assert bare_cluster.get(index=index, id=str(number))["_source"] == document
        assert bare_cluster.indices.get_mapping(index=index)[index] == before
    finally:
        bare_cluster.indices.delete(index=index)


def hostile_documents(make: str) -> list[dict[str, Any]]:
    if make == "contact":
        return [documents.contact_document(contact(0, text, user_agent=text, src_ip=text)) for text in HOSTILE]
    if make == "memory":
        rows = [MemoryRow(text, text, "name", text, 1, 2) for text in HOSTILE]
        return [document for _, document in documents.memory_documents("a", 1, rows)]
    if make == "run":
        return [{"message": text.encode("utf-8", "replace").decode()} for text in HOSTILE]
    return [documents.verdict_document(one, RULEBOOK) for text in HOSTILE for one in verdicts_with(text)]
