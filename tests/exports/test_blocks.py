"""What is blocked, until when, and what is not and why."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.success import Spot, SuccessRow
from enumwatch.core.times import DAY, SECOND, from_iso
from enumwatch.exports.blocklist import csv_lines, plain_lines
from enumwatch.exports.blocks import Blocks, blocks_of, handover_limits, still_held, told
from enumwatch.exports.egress import Egress
from enumwatch.exports.named_location import MOST_RANGES, named_locations

from .material import Row, cleaned, examples, keeper, one, rules

ROTATING = int(handover_limits(rules())["rotating"])
BLOCKED = int(handover_limits(rules())["blocked"])
SHARED = rules()["playbooks"]["T1589.002"]["limits"]["shared_share"]


def made(*findings: Row, networks: Any = (), allowed: Any = (), egress: Egress | None = None) -> Blocks:
    keeps = keeper(networks, allowed)
    return blocks_of(cleaned(findings, keeps), keeps, rules(), egress)


def shown(blocks: Blocks) -> list[str]:
    return [str(each.network) for each in blocks.blocks]


def egress(*rows: tuple[str, str, bool]) -> Egress:
    """Rows of (address, name, whether it signed in)."""
    empty = dict.fromkeys(Contact._fields, "") | {"first": 0, "last": 0, "attempts": 1, "target_visible": True}
    failed = [Contact(**{**empty, "src_ip": ip, "target": name}) for ip, name, is_in in rows if not is_in]
    came = [SuccessRow(0, Spot("", "entra_signin", ip, ""), "", "", "", name) for ip, name, is_in in rows if is_in]
    return Egress(failed, came)


def test_few_addresses_stay_addresses_and_enough_of_one_network_become_it() -> None:
    few = [f"198.51.100.{host}" for host in range(1, ROTATING)]
    assert shown(made(one(few))) == [f"{address}/32" for address in few]
    assert shown(made(one([*few, "198.51.100.99", "203.0.113.5"]))) == ["198.51.100.0/24", "203.0.113.5/32"]


def test_ipv6_becomes_its_64_where_the_actor_moves_about_in_it() -> None:
    assert shown(made(one(["2001:db8::1"]))) == ["2001:db8::1/128"]
    assert shown(made(one([f"2001:db8::{host:x}" for host in range(ROTATING)]))) == ["2001:db8::/64"]


def test_a_network_is_not_widened_over_an_own_or_allowed_address() -> None:
    many = [f"198.51.100.{host}" for host in range(ROTATING)]
    for kept in (made(one(many), allowed=["198.51.100.200"]), made(one(many), networks=["198.51.100.128/25"])):
        assert shown(kept) == [f"{address}/32" for address in many]


def test_a_network_is_not_widened_over_people_at_work() -> None:
    many = [f"198.51.100.{host}" for host in range(ROTATING)]
    beside = egress(("198.51.100.77", "anna@contoso.example", True))
    assert shown(made(one(many), egress=beside)) == [f"{address}/32" for address in many]
    taken = one(many, compromised_accounts=["Anna@contoso.example"])
    assert shown(made(taken, egress=beside)) == ["198.51.100.0/24"]  # who was taken over is the actor's own sign-in


def test_no_shared_exit_is_blocked_by_what_the_evidence_says() -> None:
    row = one(["198.51.100.7"])
    row["evidence"]["success_share"] = SHARED
    left = made(row)
    assert shown(left) == []
    assert "names seen there sign in" in left.left_out["198.51.100.7"]
    row["evidence"]["success_share"] = SHARED - 0.01
    assert shown(made(row)) == ["198.51.100.7/32"]


def test_logs_say_it_of_each_address() -> None:
    seen = egress(
        *(("198.51.100.7", f"tried{number}@contoso.example", False) for number in range(4)),
        ("198.51.100.7", "works@contoso.example", True),
        *(("198.51.100.8", f"tried{number}@contoso.example", False) for number in range(9)),
        ("198.51.100.8", "works@contoso.example", True),
    )
    both = one(["198.51.100.7", "198.51.100.8"])
    assert shown(made(both, egress=seen)) == ["198.51.100.8/32"]
    guessed = egress(("198.51.100.9", "ceo@contoso.example", False), ("198.51.100.9", "ceo@contoso.example", True))
    row = one(["198.51.100.9"], compromised_accounts=["ceo@contoso.example"])
    assert shown(made(row, egress=guessed)) == ["198.51.100.9/32"]


def test_one_finding_that_knows_a_shared_exit_speaks_for_all() -> None:
    shared, other = one(["198.51.100.7"]), one([f"198.51.100.{host}" for host in range(4, 9)], number=2)
    shared["evidence"]["success_share"] = 0.9
    assert shown(made(shared, other)) == [f"198.51.100.{host}/32" for host in (4, 5, 6, 8)]
    assert shown(made(other, shared)) == [f"198.51.100.{host}/32" for host in (4, 5, 6, 8)]


def test_where_nobody_knows_who_else_signs_in_it_is_said() -> None:
    row = one(["198.51.100.7", "203.0.113.9"])
    row["evidence"]["success_share"] = None
    (line,) = told(made(row))
    assert line.startswith("Of 2 addresses nobody knows who else signs in there")


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"score": 49}, "score 49"), ({"detection": "account_creation"}, "playbook T1585.002 blocks no addresses")],
)
def test_what_is_not_sure_enough_is_left_out_with_the_reason(changes: dict[str, Any], why: str) -> None:
    left = made(one(["198.51.100.7"], **changes))
    assert shown(left) == []
    assert why in left.left_out["198.51.100.7"]


def test_two_findings_share_a_line_that_lasts_as_long_as_the_later() -> None:
    first, second = one(["198.51.100.7"]), one(["198.51.100.7"], number=2, end="2026-03-05T10:00:00Z")
    (block,) = made(first, second).blocks
    assert block.findings == ("ew-0000000000000001", "ew-0000000000000002")
    assert block.expires == from_iso("2026-03-05T10:00:00Z") + BLOCKED * SECOND


def test_a_block_ends() -> None:
    blocks = made(one(["198.51.100.7"]))
    end = from_iso("2026-03-02T10:00:00Z") + BLOCKED * SECOND
    assert len(still_held(blocks, end - 1)) == 1
    assert still_held(blocks, end) == []
    assert "seen last 2026-03-02T10:00:00Z" in blocks.left_out["198.51.100.7"]


def test_the_lists_are_what_firewalls_and_spreadsheets_read() -> None:
    blocks = made(*examples()).blocks
    assert list(plain_lines(blocks)) == [
        "# enumwatch blocklist: remove each line at the time behind it\n",
        "198.51.100.0/24  # until 2026-03-18T18:40:56Z, Compromise Suspected, ew-9c41d20b7a55e018\n",
        "2001:db8:85a3::8a2e:370:7334/128  # until 2026-03-16T09:40:37Z, High Confidence Enumeration, ew-3f2a9c0d1e4b5a67\n",
    ]
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines(blocks)))))
    assert [row["network"] for row in rows] == ["198.51.100.0/24", "2001:db8:85a3::8a2e:370:7334/128"]
    assert rows[0]["expires"] == "2026-03-18T18:40:56Z"
    assert from_iso(rows[0]["expires"]) - from_iso(rows[0]["last_seen"]) >= 14 * DAY


def test_a_named_location_is_what_graph_takes() -> None:
    (location,) = named_locations(made(*examples()).blocks, "attackers")
    assert location == {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "displayName": "attackers",
        "isTrusted": False,
        "ipRanges": [
            {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0/24"},
            {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:db8:85a3::8a2e:370:7334/128"},
        ],
    }


def test_more_networks_than_a_location_holds_make_another() -> None:
    blocks = made(one([f"198.{part}.{number % 250}.7" for part in range(10) for number in range(250)])).blocks
    first, second = named_locations(blocks, "attackers")
    assert [len(each["ipRanges"]) for each in (first, second)] == [MOST_RANGES, 500]
    assert second["displayName"] == "attackers 2"
