"""Message trace: one row for each mail and recipient, as the cmdlet exports it or as the portal's report does."""

from __future__ import annotations

from ..event import SimEvent, iso
from ..names import words
from .m365 import us_date
from .shape import Desk, Record, Rendered

CMDLET_COLUMNS = words(
    "PSComputerName RunspaceId PSShowComputerName Organization MessageId Received SenderAddress "
    "RecipientAddress Subject Status ToIP FromIP Size MessageTraceId StartDate EndDate Index"
)
PORTAL_COLUMNS = words(
    "origin_timestamp_utc sender_address recipient_status message_subject total_bytes message_id "
    "network_message_id original_client_ip directionality connector_id delivery_priority"
)
SUBJECTS = ("Minutes of the meeting", "Offer", "Re: appointment", "Invoice", "Fwd: plan", "Your parcel is waiting")


def render(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind != "mail_sent":
        return []
    unique = desk.guid()
    organisation = desk.organisation(event)
    day = f"{iso(event.time, 0)[:10]}T00:00:00"
    cells = ("outlook.office365.com", "00000000-0000-4000-8000-000000000001", "False", organisation.domain,
             f"<{unique}@mail.{organisation.domain}>", us_date(iso(event.time, 0)[:-1]), event.actor, event.target,
             desk.rng.choice(SUBJECTS), "Failed" if event.detail == "failed" else "Delivered", "", event.src_ip,
             str(4000 + event.time // 1000 % 60000), unique, us_date(day), us_date(day), "0")  # fmt: skip
    return [(unique, [*cells, iso(event.time)])]


def cmdlet(record: Record) -> Record:
    return record[:-1]


def portal(record: Record) -> Record:
    row = dict(zip(CMDLET_COLUMNS, record))
    status = "Receive, Fail" if row["Status"] == "Failed" else "Receive, Deliver"
    return [record[-1], row["SenderAddress"], f"{row['RecipientAddress']}##{status}", row["Subject"], row["Size"],
            row["MessageId"], row["MessageTraceId"], row["FromIP"], "Originating", "", "Normal"]  # fmt: skip
