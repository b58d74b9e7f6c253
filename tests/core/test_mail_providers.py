from __future__ import annotations

import pytest

from enumwatch.core.mail_providers import mailbox_of


@pytest.mark.parametrize(
    ("local", "domain", "mailbox"),
    [
        ("a.b.c+x+y", "gmail.com", ("abc", "gmail.com")),
        ("...", "googlemail.com", ("...", "gmail.com")),
        ("+x", "gmail.com", ("+x", "gmail.com")),
        ("a.b+x", "live.nl", ("a.b", "live.nl")),
        ("+x", "outlook.com", ("+x", "outlook.com")),
        ("a-b-c", "yahoo.co.jp", ("a", "yahoo.co.jp")),
        ("-a", "ymail.com", ("-a", "ymail.com")),
        ("a+x", "yahoo.com", ("a+x", "yahoo.com")),
        ("x", "a.b.fastmail.com", ("x", "a.b.fastmail.com")),
        ("x", "a.sent.com", ("a", "sent.com")),
        ("a.b+x", "contoso.example", ("a.b+x", "contoso.example")),
        ("x", "gmail.com.evil.example", ("x", "gmail.com.evil.example")),
        ("x+y", "notoutlook.com", ("x+y", "notoutlook.com")),
    ],
)
def test_providers_fold_addresses_their_own_way(local: str, domain: str, mailbox: tuple[str, str]) -> None:
    assert mailbox_of(local, domain) == mailbox
