"""Whom a watch tells: each action names accounts of the cluster and never a secret."""

from __future__ import annotations

import pytest

from enumwatch.elastic.watches.actions import NOBODY, ActionError, Actions, action_bodies

from .test_schema import EVERYBODY


def test_nobody_is_told_unless_asked_for() -> None:
    assert action_bodies(NOBODY) == {}


def test_each_action_goes_through_the_notices_and_only_where_there_are_some() -> None:
    bodies = action_bodies(EVERYBODY)
    assert list(bodies) == ["email", "slack", "webhook", "pagerduty"]
    for body in bodies.values():
        assert body["foreach"] == "ctx.payload.notices"
        assert body["condition"] == {"compare": {"ctx.payload.count": {"gt": 0}}}


def test_without_an_account_the_default_one_of_the_cluster_is_taken() -> None:
    bodies = action_bodies(Actions(email=("a@contoso.example",), slack=("#soc",), pagerduty=True))
    assert "account" not in bodies["email"]["email"]
    assert "account" not in bodies["slack"]["slack"]
    assert "account" not in bodies["pagerduty"]["pagerduty"]
    assert action_bodies(EVERYBODY)["email"]["email"]["account"] == "soc"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://hooks.contoso.example/a/b", ("https", "hooks.contoso.example", 443, "/a/b")),
        ("http://hooks.contoso.example:8080", ("http", "hooks.contoso.example", 8080, "/")),
    ],
)
def test_a_webhook_is_taken_apart(url: str, parts: tuple[str, str, int, str]) -> None:
    body = action_bodies(Actions(webhook=url))["webhook"]["webhook"]
    assert (body["scheme"], body["host"], body["port"], body["path"]) == parts


@pytest.mark.parametrize(
    "url",
    [
        *("hooks.contoso.example/a", "ftp://hooks.contoso.example", "https://"),
        *("https://me:secret@contoso.example/a", "https://contoso.example/a?token=secret"),
    ],
)
def test_a_webhook_that_is_none_or_holds_a_secret_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(ActionError, match=r"give a URL|give one as") as error:
        action_bodies(Actions(webhook=url))
    assert "secret" not in str(error.value).replace("holds a secret", "")
