"""Repeated: documents whose event id some other document has too, found by the cluster without reading any."""

from __future__ import annotations

from typing import Any

from .fields import Query, either
from .rows import Rows
from .survey import Grouped, Survey
from .view import View

_IDS_OF_ONE_PAGE = 10_000
# A cluster takes 65,536 terms in one clause.
_TERMS = 50_000
# With more ids than this it is less work to read every document by itself.
_MOST = 200_000


def repeated(view: View, query: Query, found: Survey, rows: Rows) -> Query:
    """Documents with an id that occurs more than once; there may be some among them whose id does not."""
    grouped = Grouped(found.columns, rows.fields_for(("event_id",)), rows.time_fields)
    keys: list[dict[str, Any]] = []
    for group in view.groups(query, grouped.sources, page=_IDS_OF_ONE_PAGE):
        if group.documents > 1 and rows.may_be_identified(grouped.texts(group.key)):
            keys.append(group.key)
            if len(keys) > _MOST:
                return {"match_all": {}}
    if not keys:
        return either([])
    finest = max(grouped.names, key=lambda key: (len({one[key] for one in keys if one[key] is not None}), key))
    values = sorted({one[finest] for one in keys if one[finest] is not None}, key=str)
    queries: list[Query] = [
        {"terms": {grouped.names[finest]: values[start : start + _TERMS]}} for start in range(0, len(values), _TERMS)
    ]
    queries += [grouped.query(one) for one in keys if one[finest] is None]
    return either(queries)
