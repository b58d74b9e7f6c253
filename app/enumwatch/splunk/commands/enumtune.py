"""enumtune: what every main threshold would have raised on these events or contacts, with the value of now and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from .enumverdict import VerdictRows
from .options import names

COLUMNS = (
    *("detection", "threshold", "value", "factor", "is_current", "counted", "findings", "findings_a_day", "actors"),
    *("tenants", "days", "means"),
)
# Contacts decided in all settings together: a search must not keep a search head busy for long.
MOST_WORK = 400_000


class Rule(NamedTuple):
    """What tuning needs to know of a detection."""

    id: str
    limits: Mapping[str, Any]


class TunedRows(VerdictRows):
    """Put before ReportingCommand."""

    about = "write it as | enumtune detections=email_enumeration"

    def check(self) -> None:
        """Reads the options."""
        from .knowledge import rulebook
        from .verdicts import Wanted

        known = rulebook()["detections"]
        asked = [name for name, rule in known.items() if rule["enabled"]]
        if self.detections is not None:
            asked = names("detections", self.detections, known, "detection")
        self._asked = asked
        self._wanted = Wanted(asked, False, False, False, False)
        self._verdicts: Any = None

    def last_word(self) -> Iterator[dict[str, Any]]:
        """The table after the last chunk, nothing before."""
        if not self._finished:
            return iter(())
        found = self.verdicts()
        log, context = found.log()
        self.tell(found)
        if log is None:
            self.write_warning("There is nothing here that a rule reads: search sign-ins, directory reads or mail")
            return iter(())
        return iter(list(self._table(log, context)))

    def _table(self, log: Any, context: Any) -> Iterator[dict[str, Any]]:
        from ...rulebook.ranges import written
        from ...tuning.thresholds import thresholds_of
        from ...tuning.told import counted
        from ...tuning.trying import try_settings
        from .verdicts import no_garbage

        rules = _rules(context.rulebook)
        with no_garbage():
            tried = try_settings(log, context, cast(Any, rules), self._asked, most_work=MOST_WORK)
        if tried.is_shortened:
            self.write_info("There is a lot to decide on, so fewer values of each threshold were tried")
        for threshold in thresholds_of(self._asked):
            limit = rules[threshold.detection].limits[threshold.limit]
            by_factor = {1.0: (limit.number, tried.now)}
            by_factor.update(
                (one.factor, (one.number, told)) for one, told in tried.by_setting.items() if one.threshold == threshold
            )
            for factor, (value, told) in sorted(by_factor.items(), key=lambda pair: pair[0]):
                some = counted(told, _group(threshold.detection), threshold.verdict)
                values = {
                    "detection": threshold.detection,
                    "threshold": threshold.limit,
                    "value": written(value, limit),
                    "factor": f"{factor:g}",
                    "is_current": "true" if factor == 1 else "false",
                    "counted": f"{threshold.verdict} or worse" if threshold.verdict else "every finding",
                    "findings": len(some),
                    "findings_a_day": f"{len(some) / tried.days:.2f}",
                    "actors": len({(one.tenant, one.actor) for one in some}),
                    "tenants": len({one.tenant for one in some}),
                    "days": f"{tried.days:.1f}",
                    "means": limit.means,
                }
                yield {name: values[name] for name in COLUMNS}


def _group(detection: str) -> str:
    from ...tuning.thresholds import group_of

    return group_of(detection)[0]


def _rules(rulebook: Mapping[str, Any]) -> dict[str, Rule]:
    """The limits of every rule, from the compiled rulebook."""
    from ...rulebook.limit import Limit

    return {
        name: Rule(
            name,
            {
                limit: Limit(limit, told["value"], rule["limits"][limit], told["means"], told["unit"], told["origin"])
                for limit, told in rule["limits_text"].items()
            },
        )
        for name, rule in rulebook["detections"].items()
    }
