"""What is planted for the hunts of identity gathering."""

from __future__ import annotations

from enumwatch.core.times import DAY, HOUR

from .planting import END, MONDAY, SENSITIVE, Field, names, plants

NOON = MONDAY + 12 * HOUR


def users(here: Field, count: int) -> list[str]:
    """Paths of so many people."""
    return [f"/v1.0/users/{here.mark}{number}" for number in range(count)]


@plants
def wide_reading(here: Field) -> str:
    here.reads(users(here, here.enough("least_objects")), at=NOON)
    return here.mark


@plants
def new_reader(here: Field) -> str:
    here.reads(users(here, here.limits["least_objects"]), at=END - DAY)
    if here.less:
        here.reads(users(here, 1), at=MONDAY - 4 * DAY + 12 * HOUR)
    return here.mark


@plants
def reading_at_night(here: Field) -> str:
    here.reads(users(here, here.enough("least_objects")), at=MONDAY + 2 * HOUR)
    return here.mark


@plants
def reading_by_script(here: Field) -> str:
    here.reads(users(here, here.enough("least_objects")), at=NOON, user_agent="python-requests/2.31")
    return here.mark


@plants
def page_after_page(here: Field) -> str:
    here.reads(["/v1.0/users"] * here.enough("least_pages"), at=NOON, client_app="next page")
    return here.mark


@plants
def many_sorts_of_objects(here: Field) -> str:
    sorts = ("users", "groups", "devices", "applications", "domains")
    here.reads([f"/v1.0/{sort}" for sort in sorts[: here.enough("least_sorts")]], at=NOON)
    return here.mark


@plants
def reader_on_the_move(here: Field) -> str:
    for number in range(here.enough("least_networks")):
        here.reads(["/v1.0/users"], at=NOON, src_ip=f"10.{here.who}.{number}.9")
    return here.mark


@plants
def read_then_tried(here: Field) -> str:
    here.reads(users(here, here.limits["least_objects"]), at=NOON)
    here.tries(names(here.enough("least_names"), here.mark), at=NOON + HOUR)
    return here.ip


@plants
def existing_names_only(here: Field) -> str:
    here.tries(names(here.enough("least_names"), here.mark), "exists_bad_secret", at=NOON)
    return here.ip


@plants
def sensitive_names(here: Field) -> str:
    here.tries(SENSITIVE[: here.enough("least_names")], "exists_bad_secret", at=NOON)
    return here.ip


@plants
def bounced_mail(here: Field) -> str:
    here.sends(names(here.enough("least_failed"), here.mark), code="Failed", at=MONDAY - 4 * DAY)
    return here.actor


@plants
def new_sender(here: Field) -> str:
    here.sends(names(here.enough("least_recipients"), here.mark), at=END - DAY)
    return here.actor
