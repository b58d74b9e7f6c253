"""What a person reads: the table in 80 columns, the proposal, and the overlay file that a scan takes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.core.making import context
from tests.hostile.corpus import CORPUS

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.decide import decide
from enumwatch.report.layout import cell_width
from enumwatch.rulebook.compiling import compile
from enumwatch.rulebook.load import load
from enumwatch.tuning import table
from enumwatch.tuning.exceptions import Suggestion, uses
from enumwatch.tuning.overlay_text import has_limits, overlay_text
from enumwatch.tuning.proposal import Proposal, propose
from enumwatch.tuning.told import Difference
from enumwatch.tuning.trying import Tried, told_under, try_settings

from .logs import busy
from .test_exceptions import _ROW
from .test_told import told

RULES = load().detections
ASKED = ("email_enumeration", "password_spray", "account_creation")
HOSTILE = ('evil\x1b[2J\n# overlay: x,"y', *CORPUS)


def tried() -> Tried:
    return try_settings(busy(), context(), RULES, ASKED)


def proposed() -> Proposal:
    log = busy()
    return propose(tried(), RULES, 0.1, lambda chosen: told_under(log, context(), ASKED, chosen))


def suggestion(value: str = "198.18.9.10") -> Suggestion:
    return Suggestion("user_agent", value, "contoso", ("email_enumeration",), 4, 4, ())


def test_the_ladder_shows_each_value_with_findings_a_day_actors_and_tenants() -> None:
    lines = list(table.ladders(tried(), RULES, ASKED))
    start = next(number for number, line in enumerate(lines) if line.startswith("  address_level "))
    assert [line.split() for line in lines[start : start + 3]] == [
        ["address_level", "4", "5", "8", "12", "16"],
        ["findings", "a", "day", "0.47", "0.47", "0.47", "0.47", "0.07"],
        ["actors/tenants", "7/1", "7/1", "7/1", "7/1", "1/1"],
    ]
    assert max(map(cell_width, lines)) <= table.WIDTH
    assert lines[-1].startswith("account_creation: nothing in these logs")


def test_a_threshold_that_decides_nothing_takes_two_lines() -> None:
    lines = list(table.ladders(tried(), RULES, ASKED))
    start = next(number for number, line in enumerate(lines) if line.startswith("  hidden_attempts "))
    assert lines[start + 1].split() == ["findings", "a", "day", "0.47", "with", "every", "value"]
    assert lines[start + 2].startswith("  unclear_names ")


def test_the_proposal_names_every_change_and_everything_it_hides() -> None:
    lines = list(table.proposal(proposed(), RULES))
    assert "  email_enumeration.address_level: 16 points instead of 8 points" in lines
    hidden = lines[lines.index("  no longer told:") + 1 :]
    assert len(hidden) == 6
    assert all("Low-Level Enumeration: 198.18." in line for line in hidden)
    assert max(map(cell_width, lines)) <= table.WIDTH


def test_the_overlay_is_taken_by_the_rulebook_and_says_what_it_hides(tmp_path: Path) -> None:
    found = proposed()
    text = overlay_text(found, [suggestion()], RULES, "logs/a.ndjson")
    (tmp_path / "proposal.yml").write_text(text, encoding="utf-8")
    limits = compile(load(extra=tmp_path))["detections"]["email_enumeration"]["limits"]
    assert limits["address_level"] == 16
    assert text.count("\n#   ew-") == len(found.difference.lost) == 6
    assert "\n# user_agent,198.18.9.10,contoso,email_enumeration,<reason>,<owner>,,<expires>\n" in text


def test_the_overlay_of_the_page_is_one_for_the_rules_of_today(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "tuning.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "mine.yml").write_text(shown, encoding="utf-8")
    assert load(extra=tmp_path).detections["email_enumeration"].tuned_by


def test_nothing_a_log_holds_gets_out_of_its_comment(tmp_path: Path) -> None:
    some = tuple(told(who=text)._replace(finding_id="ew-1") for text in HOSTILE)
    weaker = tuple((one, "Low-Level Enumeration") for one in some)
    found = Proposal(proposed().settings, Difference(some, weaker), 2, 1, 0.5)
    suggested = [suggestion(text) for text in HOSTILE]
    text = overlay_text(found, suggested, RULES, "".join(HOSTILE))
    (tmp_path / "proposal.yml").write_text(text, encoding="utf-8")
    assert load(extra=tmp_path).detections["email_enumeration"].tuned_by
    shown = text + "\n".join([*table.proposal(found, RULES), *table.exceptions([], suggested)])
    assert shown.replace("\n", "").isprintable()
    assert {line[0] for line in text.splitlines() if line[0] not in "od "} == {"#"}


def test_a_new_overlay_holds_what_the_old_one_changed(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(
        f"overlay: old\ndetections: {{password_spray: {{version: {RULES['password_spray'].version}, limits: {{names: 12}}}}}}\n"
    )
    tuned = load(extra=tmp_path).detections
    assert not has_limits(Proposal(), RULES)
    assert has_limits(Proposal(), tuned)
    text = overlay_text(proposed(), [], tuned, "x")
    assert "      names: 12\n" in text
    assert "      address_level: 16\n" in text


def test_without_a_change_the_file_says_so_in_comments() -> None:
    assert {line[0] for line in overlay_text(Proposal(budget=1), [], RULES, "x").splitlines()} == {"#"}


def test_the_allowlist_part_tells_idle_and_expired_entries_apart() -> None:
    rows = [
        {**_ROW, "type": "ip", "value": value, "expires": expires}
        for value, expires in (
            ("198.18.0.10", "2027-01-01"),
            ("192.0.2.99", "2027-01-01"),
            ("198.18.1.10", "2026-03-01"),
        )
    ]
    known, log = context(allowlist=Allowlist.from_rows(rows)), busy()
    lines = list(table.exceptions(uses(log, known, ASKED, decide(log.contacts, known, ASKED, False)), [suggestion()]))
    text = " ".join(" ".join(lines).split())
    assert "198.18.0.10: removed 1 finding (5 events)" in text
    assert "192.0.2.99: removed nothing; take it out" in text
    assert "198.18.1.10: expired 2026-03-01; until the end of these logs it would have removed 1 finding" in text
    assert "is user_agent 198.18.9.10 yours? An entry would have removed 4 findings on 4 days" in text
    assert max(map(cell_width, lines)) <= table.WIDTH
