"""What must hold of every rule that follows actors through time, whatever it looks for."""

from __future__ import annotations

import random
from collections.abc import Sequence

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.times import DAY
from enumwatch.core.verdict import Verdict, rank

from .identity import Rule, Update, cut, last_words, shifted

_TIMES = ("window_start", "window_end", "detected_at")


def assert_order_never_shows(rule: Rule, rows: Sequence[Contact], known: Context, seed: int) -> None:
    """Shuffled input gives the same updates."""
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    assert [str(one) for one in rule(sorted(mixed), known)] == [str(one) for one in rule(sorted(rows), known)]


def assert_tenants_are_apart(rule: Rule, rows: Sequence[Contact], others: Sequence[Contact], known: Context) -> None:
    """What happens in another tenant changes nothing."""
    strangers = [one._replace(tenant="fabrikam") for one in others]
    both = [str(one) for one in rule(sorted([*rows, *strangers]), known) if one[1].tenant == "contoso"]
    assert both == [str(one) for one in rule(sorted(rows), known)]


def assert_weeks_only_shift(rule: Rule, rows: Sequence[Contact], known: Context, weeks: int) -> None:
    """The same log some weeks later says the same, some weeks later."""
    by = weeks * 7 * DAY
    later = [_apart_from_time(one, by) for one in rule(sorted(shifted(one, by) for one in rows), known)]
    assert later == [_apart_from_time(one, 0) for one in rule(sorted(rows), known)]


def assert_what_was_told_holds(rule: Rule, rows: Sequence[Contact], known: Context, moment: int) -> None:
    """An update rests on nothing after it, and a finding never claims less than before."""
    then = [one[1].to_dict() for one in rule(sorted(cut(rows, moment)), known)]
    whole = list(rule(sorted(rows), known))
    assert [
        one for one in (update.to_dict() for _, update in whole if update.window_end <= moment) if one not in then
    ] == []
    last: dict[str, Verdict] = {}
    for time, update in sorted(whole, key=lambda one: one[0]):
        assert update.window_start <= update.detected_at <= update.window_end == time
        assert update.reasons
        assert all(any(letter.isdigit() for letter in reason) for reason in update.reasons), update.reasons
        before = last.get(update.finding_id)
        if before is not None:
            assert rank(update.verdict) <= rank(before.verdict)
            assert set(before.accounts_created) <= set(update.accounts_created)
            assert update.evidence.attempts >= before.evidence.attempts
        last[update.finding_id] = update


def assert_updates_change_nothing(rule: Rule, rows: Sequence[Contact], known: Context) -> None:
    """The last word is the same whether updates are asked for or not."""
    assert last_words(list(rule(sorted(rows), known, False))) == last_words(list(rule(sorted(rows), known)))


def _apart_from_time(told: tuple[int, Verdict], by: int) -> tuple[int, str]:
    time, verdict = told
    moved = {name: getattr(verdict, name) - by for name in _TIMES}
    return time - by, str({**vars(verdict), **moved, "finding_id": ""})


def assert_slices_tell_the_same(whole: Sequence[Update], sliced: Sequence[Update]) -> None:
    """Slices with memory between them tell every update of one run, and nothing later than its last words.

    At the end of a slice each finding has a last word, which one run has no reason for; so slices may tell more often.
    """
    told = [str(one) for one in sliced]
    assert [one for one in map(str, whole) if one not in told] == []
    assert last_words(sliced) == last_words(whole)


def slices(number: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Begin and end of each slice of that many things, cut at these places."""
    places = sorted({0, number, *(cut % (number + 1) for cut in cuts)})
    return [(places[turn], places[turn + 1]) for turn in range(len(places) - 1)]
