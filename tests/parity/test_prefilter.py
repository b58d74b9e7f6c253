from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.times import DAY, HOUR, MINUTE, SECOND, from_iso
from enumwatch.simulate import scenarios, simulate

from .comparing import both_decisions, told, write_contacts

START = from_iso("2026-03-02T09:00:00Z")
BENCH = Path(os.environ.get("ENUMWATCH_SHARED") or Path(__file__).parents[3] / "shared") / "bench"

NAMES = [f"n{number:02}@contoso.example" for number in range(40)] + ["CEO@contoso.example", "ceo@contoso.example."]
ODD_NAMES = ["", " ", "\u00a0", "N01@CONTOSO.example", "CONTOSO\\n02", "n03", "a@b@c.example", "d.e.coy@gmail.com"]
OUTCOMES = [
    *("not_found", "exists_bad_secret", "exists_good_secret", "exists_blocked", "wrong_realm", "ambiguous"),
    *("throttled", "success"),
]
LOOKUPS = {
    "sensitive_accounts": "account,tenant,kind\nn07@contoso.example,,executive\ndecoy@gmail.com,,decoy\nbait*,,decoy\n",
    "domains": "domain,tenant,kind\ncontoso.example,,own\n",
}


def mixture(folder: Path, seed: int) -> None:
    """Several scenarios in one organisation and one log, the way a real log holds them."""
    rng = Random(seed)
    source = rng.choice(["entra_signin", "m365_audit", "okta_system", "workspace_login", "windows_security"])
    able = [scenario.id for scenario in scenarios() if source in scenario.sources]
    for scenario in rng.sample(able, 5):
        simulate(scenario, source, seed=seed, out=folder, users=rng.choice([20, 60]), events=rng.choice([40, 150, 400]))


@pytest.mark.parametrize("seed", range(40))
def test_simulated_logs_give_the_same_findings_without_the_contacts_left_out(seed: int, tmp_path: Path) -> None:
    mixture(tmp_path, seed)
    logs = [path for path in tmp_path.iterdir() if path.is_dir() and path.name != "lookups"]
    whole, enough = both_decisions(logs, tmp_path / "lookups" if seed % 2 else None)
    assert told(whole) == told(enough)


def test_the_seeds_reach_findings_of_every_rule(tmp_path: Path) -> None:
    found = set()
    for seed in range(24):
        folder = tmp_path / str(seed)
        mixture(folder, seed)
        logs = [path for path in folder.iterdir() if path.is_dir() and path.name != "lookups"]
        found |= {verdict.detection for verdict in both_decisions(logs)[0].findings}
    assert found >= {"email_enumeration", "password_spray", "password_guessing", "success_after_enumeration"}


def contact(rng: Random, time: int, **known: object) -> Contact:
    """A contact with the given fields; the rest by chance, from so few values that rows meet often."""
    kind = str(known.get("kind") or rng.choice(["sign_in"] * 5 + ["autodiscover", "directory_read"]))
    outcome = str(known.get("outcome") or rng.choice(OUTCOMES))
    span = DAY if outcome == "success" and kind != "directory_read" else HOUR
    attempts = rng.choice([1, 1, 1, 2, 3, 12])
    hour = time - time % span
    last = time if attempts == 1 else min(hour + span - 1, time + rng.choice([0, SECOND, 5 * MINUTE, span]))
    is_plain = span == DAY
    return Contact(
        kind=kind,
        source=rng.choice(["entra_signin", "entra_signin", "m365_audit", "iis", "windows_security"]),
        tenant=rng.choice(["t1", "t1", "t2", ""]),
        hour=hour,
        src_ip=str(known.get("src_ip", rng.choice(["203.0.113.9", "203.0.113.10", "2001:db8::1", ""]))),
        asn="64500",
        country=rng.choice(["NL", ""]),
        user_agent=str(known.get("user_agent", rng.choice(["curl/8", "Mozilla/5.0", ""]))),
        app="" if is_plain else rng.choice(["Outlook", ""]),
        app_id="",
        client_app="" if is_plain else rng.choice(["Browser", "4625", "4776"]),
        actor=rng.choice(["", "", "someone"]),
        host=rng.choice(["", "PC1"]),
        target=str(known.get("target", rng.choice([*NAMES, *ODD_NAMES]))),
        target_visible=rng.random() > 0.05,
        code="" if is_plain else "50034",
        outcome=outcome,
        attempts=attempts,
        first=time,
        last=last,
    )


def contacts_of(seed: int, bursts: int, singles: int, successes: int) -> list[Contact]:
    """Runs through many names, single tries and successes at the same few places and agents."""
    rng = Random(seed)
    rows = []
    for _ in range(bursts):
        time, gap = START + rng.randrange(12 * HOUR), rng.choice([SECOND, 30 * SECOND, 4 * MINUTE])
        fixed = {
            "src_ip": rng.choice(["203.0.113.9", "203.0.113.10", ""]),
            "user_agent": rng.choice(["curl/8", "Mozilla/5.0", ""]),
            "kind": rng.choice(["sign_in", "sign_in", "autodiscover"]),
        }
        mostly = rng.choice(OUTCOMES[:6])
        for number in range(rng.choice([3, 5, 8, 12, 30])):
            outcome = mostly if rng.random() < 0.8 else rng.choice(OUTCOMES)
            rows.append(contact(rng, time + number * gap, outcome=outcome, target=rng.choice(NAMES), **fixed))
    rows += [contact(rng, START + rng.randrange(36 * HOUR)) for _ in range(singles)]
    rows += [contact(rng, START + rng.randrange(36 * HOUR), outcome="success") for _ in range(successes)]
    return rows


def lookups_in(folder: Path) -> Path:
    made = folder / "lookups"
    made.mkdir(exist_ok=True)
    for name, text in LOOKUPS.items():
        (made / f"enumwatch_{name}.csv").write_text(text, "utf-8")
    return made


@settings(max_examples=80)
@example(seed=200, bursts=6, singles=14, successes=0, has_lookups=False)  # successes whose names are all blanks
@given(
    seed=st.integers(0, 2**32),
    bursts=st.integers(0, 6),
    singles=st.integers(0, 40),
    successes=st.sampled_from([0, 1, 4, 30]),
    has_lookups=st.booleans(),
)
def test_random_contacts_give_the_same_findings_without_those_left_out(
    tmp_path_factory: pytest.TempPathFactory, seed: int, bursts: int, singles: int, successes: int, has_lookups: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "random"
    folder.mkdir(exist_ok=True)
    rows = contacts_of(seed, bursts, singles, successes)
    file = write_contacts(folder / "contacts.ndjson", rows)
    if rows:
        whole, enough = both_decisions([file], lookups_in(folder) if has_lookups else None)
        assert told(whole) == told(enough)


@pytest.mark.parametrize("name", ["dev-10k"])
def test_the_development_logs_give_the_same_findings_without_the_contacts_left_out(name: str) -> None:
    log = BENCH / name / "signin.parquet"
    if not log.is_file():
        pytest.skip(f"{log} is not here: set ENUMWATCH_SHARED to the folder that holds bench/")
    whole, enough = both_decisions([log], BENCH / name / "lookups")
    assert told(whole) == told(enough)
    assert len(whole.findings) > 0
