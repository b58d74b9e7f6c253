"""What is planted for the hunts of roll calls."""

from __future__ import annotations

from enumwatch.core.times import DAY, HOUR, SECOND

from .planting import DECOYS, LETTERS, MONDAY, OWN, Field, names, plants

ROLES = ("admin", "info", "billing", "payroll", "helpdesk")


@plants
def low_and_slow(here: Field) -> str:
    days, some = here.limits["least_days"], names(here.enough("least_names"), here.mark)
    for day in range(days):
        here.tries(some[day::days], at=MONDAY + day * DAY + 9 * HOUR)
    return here.ip


@plants
def wrong_realm(here: Field) -> str:
    here.tries(names(here.enough("least_names"), here.mark, "fabrikam.example"), "wrong_realm")
    return here.ip


@plants
def client_id_rotation(here: Field) -> str:
    for number, name in enumerate(names(here.limits["least_names"], here.mark)):
        here.tries([name], app_id=f"app{number % here.enough('least_apps')}", at=MONDAY + (9 + number) * HOUR)
    return here.ip


@plants
def decoys(here: Field) -> str:
    here.tries([DECOYS[0].upper() if not here.less else f"{here.mark}@{OWN}"])
    return here.ip


@plants
def autodiscover_probing(here: Field) -> str:
    for number, name in enumerate(names(here.enough("least_names"), here.mark)):
        _asks(here, name, MONDAY + 9 * HOUR + number * SECOND)
    return here.ip


@plants
def success_after_absent(here: Field) -> str:
    here.tries(names(here.enough("least_names"), here.mark))
    here.tries([f"{here.mark}.in@{OWN}"], "success", at=MONDAY + 12 * HOUR)
    return here.ip


@plants
def lockout_wave(here: Field) -> str:
    at = MONDAY + DAY + (2 + here.less) * HOUR
    here.tries(names(here.enough("least_names"), here.mark), "exists_blocked", at=at)
    return here.ip


@plants
def one_agent_many_addresses(here: Field) -> str:
    agent = f"tool-{here.mark}"
    for number, name in enumerate(names(here.enough("least_addresses"), here.mark)):
        here.tries([name], user_agent=agent, src_ip=f"198.51.{here.who}.{100 + number}")
    return agent


@plants
def hidden_names(here: Field) -> str:
    for number in range(here.enough("least_attempts")):
        _asks(here, "", MONDAY + 9 * HOUR + number * SECOND, target_visible=False)
    return here.ip


@plants
def counted_names(here: Field) -> str:
    here.tries([f"{here.mark}{number}@{OWN}" for number in range(here.enough("least_names"))])
    return here.ip


@plants
def role_names(here: Field) -> str:
    here.tries([f"{role}@{OWN}" for role in ROLES[: here.enough("least_names")]])
    return here.ip


@plants
def quiet_hours(here: Field) -> str:
    here.tries(names(here.enough("least_names"), here.mark), at=MONDAY + 5 * DAY + 12 * HOUR)
    return here.ip


@plants
def legacy_protocols(here: Field) -> str:
    here.tries(names(here.enough("least_names"), here.mark), "exists_bad_secret", client_app="IMAP4")
    return here.ip


@plants
def through_the_alphabet(here: Field) -> str:
    here.tries([f"{letter}{here.mark}@{OWN}" for letter in LETTERS[: here.enough("least_letters")]])
    return here.ip


@plants
def same_name_many_domains(here: Field) -> str:
    domains = (OWN, "fabrikam.example", "northwind.example")
    here.tries([f"{here.mark}@{domain}" for domain in domains[: here.enough("least_domains")]])
    return here.ip


def _asks(here: Field, name: str, at: int, **more: object) -> None:
    shared = {"src_ip": here.ip, "app": "autodiscover", "code": "autodiscover:401", "outcome": "ambiguous"}
    here.put("autodiscover", "iis", at, name, **{**shared, "user_agent": "Outlook", **more})
