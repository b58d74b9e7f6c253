"""JSON Schema of the file of the ways of attack."""

from __future__ import annotations

from .schema_parts import COUNT, NAME, TEXT, Schema, closed_object, limit, list_of, mapping_of, one_of_words, reference
from .vocabulary import EVENT_FIELDS, KINDS, SHOWS, TECHNIQUES, WAY_LIMITS, WEIGHTS


def ways_schema() -> Schema:
    """The schema of the file of the ways of attack."""
    fields, kinds = (
        list_of(one_of_words(EVENT_FIELDS), uniqueItems=True),
        list_of(one_of_words(KINDS), uniqueItems=True),
    )
    sight = closed_object(
        {"log": NAME, "kind": one_of_words(KINDS), "shows": one_of_words(SHOWS), "needs": fields},
        {"forms": list_of(TEXT), "because": TEXT},
        **{"if": {"properties": {"shows": {"const": "partly"}}}},
        then={"required": ["because"]},
    )
    way = closed_object(
        {"id": NAME, "title": TEXT, "techniques": list_of(one_of_words(TECHNIQUES)), "weight": one_of_words(WEIGHTS)},
        {"logs": list_of(sight), "never": TEXT},
        oneOf=[{"required": ["logs"]}, {"required": ["never"]}],
    )
    body = closed_object(
        {
            "id": NAME,
            "title": TEXT,
            "version": COUNT,
            "limits": closed_object({name: reference("limit") for name in WAY_LIMITS}),
            "fields": mapping_of(
                closed_object({"kinds": kinds, "lost": TEXT}), propertyNames=one_of_words(EVENT_FIELDS)
            ),
            "arrival": list_of(TEXT),
            "history": list_of(closed_object({"detection": NAME, "kinds": kinds, "limit": NAME, "because": TEXT})),
            "logs": mapping_of(TEXT, propertyNames=NAME),
            "ways": list_of(way),
        }
    )
    return {**body, "$defs": {"limit": limit()}}
