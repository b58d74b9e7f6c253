"""The narrowest exception for a finding: it suppresses it, hides as little as can be, and never a break-in."""

from __future__ import annotations

import csv
import io

import pytest
from tests.core.making import context, existing, names, success

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.lookup_rows import LookupProblems
from enumwatch.lookups import COLUMNS
from enumwatch.tuning.allowing import Allowance, NotAllowedError, line_of, narrowest

from .logs import log_of

GIVEN = {"reason": "a test, announced", "owner": "soc@contoso.example", "expires": "2027-01-01"}
ADDRESS, OTHER = "203.0.113.9", "203.0.113.10"


def allowed(contacts: list[Contact], given: dict[str, str] = GIVEN) -> Allowance:
    """The entry for the worst finding of these contacts; checks that it does what it says."""
    log, known = log_of(contacts), context()
    finding = decide(log.contacts, known, None, False, log.arrivals).findings[0]
    made = narrowest(log, known, finding, given)
    entry = Allowlist.from_rows(csv.DictReader(io.StringIO(",".join(COLUMNS["allowlist"]) + "\n" + line_of(made.row))))
    after = decide(contacts, context(allowlist=entry))
    assert finding.finding_id not in {one.finding_id for one in after.findings}
    return made


def test_one_address_is_allowed_by_its_address_for_its_rule_and_tenant() -> None:
    made = allowed(names(12))
    assert (made.row["type"], made.row["value"], made.row["tenant"]) == ("ip", ADDRESS, "contoso")
    assert made.row["detections"] == "email_enumeration"
    assert (made.attempts, made.others) == (12, [])


def test_an_agent_of_its_own_is_as_narrow_but_the_address_comes_first() -> None:
    assert allowed(names(12, user_agent="Portal/1")).row["type"] == "ip"


def test_two_addresses_of_a_network_are_allowed_together() -> None:
    two = names(12, src_ip=ADDRESS, user_agent="Portal/1") + names(
        12, 300, src_ip=OTHER, stem="other", user_agent="Portal/1"
    )
    made = allowed(two)
    assert made.row["type"] in ("cidr", "user_agent")
    assert made.attempts == 24


def test_what_else_it_would_hide_is_told() -> None:
    later = 30 * 86_400
    made = allowed(names(30) + names(12, begin=later, stem="later"))
    assert [one.verdict for one in made.others] == ["Moderate Enumeration"]
    assert made.attempts == 42


def test_a_break_in_is_never_allowed() -> None:
    got_in = [*existing(12, user_agent="curl/8"), success(300, "realaaa@contoso.example", user_agent="curl/8")]
    with pytest.raises(NotAllowedError, match="is a break-in"):
        allowed(got_in)


@pytest.mark.parametrize("missing", ["reason", "owner", "expires"])
def test_an_entry_needs_reason_owner_and_end(missing: str) -> None:
    with pytest.raises(LookupProblems, match=missing):
        allowed(names(12), {**GIVEN, missing: ""})


def test_hostile_texts_stay_in_their_cell() -> None:
    made = allowed(names(12), {**GIVEN, "reason": 'a "quoted", one'})
    ((cells),) = csv.reader(io.StringIO(line_of(made.row)))
    assert cells[4] == 'a "quoted", one'


@pytest.mark.parametrize("text", ["two\nlines", "=1+1", "\x1b[2J", "a\u202eb"])
def test_no_entry_holds_a_text_that_acts(text: str) -> None:
    with pytest.raises(NotAllowedError, match="write it in plain words"):
        allowed(names(12), {**GIVEN, "owner": text})
    two = names(12, src_ip=ADDRESS, user_agent=text) + names(12, 300, src_ip=OTHER, stem="other", user_agent=text)
    assert allowed(two).row["type"] == "cidr"
