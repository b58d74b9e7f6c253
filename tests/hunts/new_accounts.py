"""What is planted for the hunts of accounts that are made."""

from __future__ import annotations

from enumwatch.core.times import DAY, HOUR, SECOND

from .planting import END, MONDAY, OWN, Field, names, plants

MORNING = MONDAY + 9 * HOUR


@plants
def creation_burst(here: Field) -> str:
    here.makes(names(here.enough("least_accounts"), here.mark))
    return here.actor


@plants
def new_creator(here: Field) -> str:
    here.makes(names(here.limits["least_accounts"], here.mark), at=END - 3 * DAY - 6 * HOUR)
    if here.less:
        here.makes([f"{here.mark}.early@{OWN}"], at=MONDAY - 6 * DAY)
    return here.actor


@plants
def creation_at_night(here: Field) -> str:
    here.makes(names(here.enough("least_accounts"), here.mark), at=MONDAY + 2 * HOUR)
    return here.actor


@plants
def lookalike_domains(here: Field) -> str:
    real, false = f"{here.mark}marn.example", f"{here.mark}mam.example"
    here.tries([f"ann@{real}"], "success", at=MORNING)
    here.makes([f"ann.{here.mark}@{real if here.less else false}"])
    return f"{here.mark}mam.example"


@plants
def throwaway_domains(here: Field) -> str:
    name = f"{here.mark}@{'tempbox' if not here.less else 'letterbox'}.example"
    here.makes([name])
    return name


@plants
def deleted_soon(here: Field) -> str:
    name = f"{here.mark}.short@{OWN}"
    here.makes([name])
    here.makes([name], at=MORNING + (here.limits["longest_life"] + here.less) * SECOND, kind="account_deleted")
    return name


@plants
def forwarding_rules(here: Field) -> str:
    name = f"{here.mark}.rule@{OWN}"
    here.makes([name])
    code = "Set-Mailbox" if here.less else "New-InboxRule"
    more = {"src_ip": here.ip, "actor": name, "code": code, "outcome": "ambiguous"}
    here.put("identity_change", "m365_audit", MORNING + HOUR, "rule", **more)
    return name


@plants
def numbered_accounts(here: Field) -> str:
    here.makes([f"{here.mark}{number}@{OWN}" for number in range(here.enough("least_accounts"))])
    return here.actor


@plants
def unpronounceable_names(here: Field) -> str:
    name = f"{'xkcdqzpt' if not here.less else 'anneliese'}{here.mark[1:3]}@{OWN}"
    here.makes([name])
    return name


@plants
def creator_on_the_move(here: Field) -> str:
    for number in range(here.enough("least_networks")):
        here.makes([f"{here.mark}.{number}@{OWN}"], src_ip=f"10.{here.who}.{number}.9")
    return here.actor


@plants
def woken_accounts(here: Field) -> str:
    here.makes(names(here.enough("least_accounts"), here.mark), kind="account_enabled")
    return here.actor


@plants
def sends_at_once(here: Field) -> str:
    name = f"{here.mark}.news@{OWN}"
    here.makes([name])
    here.sends(names(here.enough("least_recipients"), here.mark, "fabrikam.example"), at=MORNING + HOUR, actor=name)
    return name


@plants
def used_all_over(here: Field) -> str:
    name = f"{here.mark}.all@{OWN}"
    here.makes([name], at=MONDAY - DAY + 9 * HOUR)
    for number in range(here.enough("least_networks")):
        at = MORNING + number * HOUR + SECOND
        here.tries([name], "success", at=at, src_ip=f"10.{here.who}.{number}.9", user_agent=f"Agent {number}")
    return name
