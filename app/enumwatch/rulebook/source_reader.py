"""Reads a source file and checks that its rules fit its shapes."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from .condition import Condition, read_condition
from .document import Document
from .elastic_reader import check_elastic, read_elastic
from .expression import Expression, Template, fields_of, literals_of, read_expression
from .path import Key
from .problems import VERY_ALIKE, Trail, nearest, place
from .reader import Reader
from .sentinel_reader import check_sentinel
from .source import ElasticIndex, EventRule, Kept, Path, Recognise, Shape, Source, SplunkShape, Visibility
from .splunk_reader import read_splunk
from .vocabulary import ACCOUNTS, ADDRESSES, EVENT_FIELDS, FORMS, KINDS, MISSES_LOGGED, NAMES_SHOWN

_NOWHERE = Visibility("shown", "logged", "")
_NOTHING = Recognise((), (), {}, ())


def read_source(document: Document) -> Source:
    """Return the source a document describes; faults are noted in the document."""
    return _SourceReader(document).source()


class _SourceReader(Reader):
    _REQUIRED = ("id", "title", "version", "provider", "kinds", "visibility", "references", "shapes", "event")

    def source(self) -> Source:
        """The whole file."""
        optional = ("common", "known_gaps", "connect", "splunk", "elastic", "sentinel", "kept")
        content = self.mapping(self.document.value, (), self._REQUIRED, optional)
        kinds = self.take(content, "kinds", self.some_of(KINDS), ())
        shapes = self.take(content, "shapes", self._shapes, ())
        self._check_ids(shapes)
        common: Mapping[str, Expression] = self.take(content, "common", self._assignments, {})
        rules = self.take(content, "event", self._rules, ())
        splunk: SplunkShape | None = self.take(content, "splunk", self._splunk, None)
        elastic: ElasticIndex | None = self.take(content, "elastic", self._elastic, None)
        if elastic is not None:
            check_elastic(self, elastic, shapes, ("elastic",))
        if "sentinel" in content:
            check_sentinel(self, content["sentinel"], ("sentinel",))
        raw = {name for shape in shapes for name in shape.fields} | set(splunk.fields if splunk else ())
        self._check_rules(common, rules, raw, kinds)
        self._check_misspelt(shapes, common, rules)
        return Source(
            id=self.take(content, "id", self.name, ""),
            title=self.take(content, "title", self.text, ""),
            version=self.take(content, "version", self.whole_from_one, 1),
            provider=self.take(content, "provider", self.name, ""),
            kinds=kinds,
            visibility=self.take(content, "visibility", self._visibility, _NOWHERE),
            references=self.take(content, "references", self.texts, ()),
            known_gaps=self.take(content, "known_gaps", self.some_texts, ()),
            connect=self.take(content, "connect", self.text, ""),
            shapes=shapes,
            splunk=splunk,
            elastic=elastic,
            common=common,
            rules=rules,
            emits=_results("source", common, rules),
            content=content,
            document=self.document,
            kept=self.take(content, "kept", lambda some, where: self.items(some, where, self._kept), ()),
        )

    def _visibility(self, value: Any, trail: Trail) -> Visibility:
        content = self.mapping(value, trail, ("names", "misses", "note"), ("accounts", "addresses"))
        return Visibility(
            self.take(content, "names", self.one_of(NAMES_SHOWN), "", trail),
            self.take(content, "misses", self.one_of(MISSES_LOGGED), "", trail),
            self.take(content, "note", self.text, "", trail),
            self.take(content, "accounts", self.one_of(ACCOUNTS), "any", trail),
            self.take(content, "addresses", self.one_of(ADDRESSES), "connection", trail),
        )

    def _kept(self, value: Any, trail: Trail) -> Kept:
        content = self.mapping(value, trail, ("where",), ("for", "until"))
        if ("for" in content) == ("until" in content):
            found = "both" if "for" in content else "neither"
            self.add(trail, f"{place(trail)} does not say how long", "one of for and until", found)
        if "for" in content:
            self.seconds(content["for"], (*trail, "for"))
        return Kept(
            self.take(content, "where", self.text, "", trail),
            str(content.get("for", "")),
            self.take(content, "until", self.text, "", trail),
        )

    def _shapes(self, value: Any, trail: Trail) -> tuple[Shape, ...]:
        return self.items(value, trail, self._shape)

    def _splunk(self, value: Any, trail: Trail) -> SplunkShape:
        return read_splunk(self, value, trail)

    def _elastic(self, value: Any, trail: Trail) -> ElasticIndex:
        return read_elastic(self, value, trail)

    def _rules(self, value: Any, trail: Trail) -> tuple[EventRule, ...]:
        return self.items(value, trail, self._rule)

    def _shape(self, value: Any, trail: Trail) -> Shape:
        required = ("id", "title", "form", "recognise", "fields")
        content = self.mapping(value, trail, required, ("each", "split", "nested"))
        shape = Shape(
            id=self.take(content, "id", self.name, "", trail),
            title=self.take(content, "title", self.text, "", trail),
            form=self.take(content, "form", self.one_of(FORMS), "any", trail),
            recognise=self.take(content, "recognise", self._recognise, _NOTHING, trail),
            fields=self.take(content, "fields", self.fields, {}, trail),
            each=self.take(content, "each", self._path, None, trail),
            split=self.take(content, "split", self._separator, None, trail),
            nested=self.take(content, "nested", self.text, None, trail),
        )
        self._check_each(shape, trail)
        return shape

    def _path(self, value: Any, trail: Trail) -> Path | None:
        return self.path(value, trail) or None

    def _separator(self, value: Any, trail: Trail) -> str | None:
        if isinstance(value, str) and value:
            return value
        self.wrong(value, trail, "the text that stands between the elements")
        return None

    def _recognise(self, value: Any, trail: Trail) -> Recognise:
        content = self.mapping(value, trail, (), ("present", "any", "equals", "absent"))
        if not {"present", "any", "equals"} & content.keys():
            self.add(trail, f"{place(trail)} would fit every record", "present, any or equals", "none of them")
        return Recognise(
            present=self.take(content, "present", self.paths, (), trail),
            any=self.take(content, "any", self.paths, (), trail),
            equals=self.take(content, "equals", self._equals, {}, trail),
            absent=self.take(content, "absent", self.paths, (), trail),
        )

    def _equals(self, value: Any, trail: Trail) -> Mapping[str, tuple[str, ...]]:
        wanted = {}
        for key, values in self.any_mapping(value, trail).items():
            self.path(key, (*trail, key))
            wanted[key] = self.texts(values, (*trail, key))
        return wanted

    def _check_each(self, shape: Shape, trail: Trail) -> None:
        uses = [
            (name, number)
            for name, paths in shape.fields.items()
            for number, path in enumerate(paths)
            if path[:1] == (Key("each"),)
        ]
        if shape.each is None:
            for name, number in uses:
                where = (*trail, "fields", name, number)
                self.add(where, f'{place(where)} starts with each, but the shape has no "each"')
            if shape.split is not None:
                where = (*trail, "split")
                self.add(where, f"{place(where)} has nothing to cut", 'an "each" beside it')
        elif not uses:
            where = (*trail, "each")
            self.add(where, f"{place(where)} is never used", "a field that starts with each")

    def _check_ids(self, shapes: tuple[Shape, ...]) -> None:
        for number, shape in enumerate(shapes):
            if shape.id and shape.id in [earlier.id for earlier in shapes[:number]]:
                self.add(("shapes", number, "id"), "two shapes have one id", "every id once", shape.id)

    def _rule(self, value: Any, trail: Trail) -> EventRule:
        content = self.mapping(value, trail, ("set",), ("when",))
        when: Mapping[str, Condition] = self.take(content, "when", self._conditions, {}, trail)
        return EventRule(when, self.take(content, "set", self._assignments, {}, trail))

    def _conditions(self, value: Any, trail: Trail) -> Mapping[str, Condition]:
        return {
            name: read_condition(condition, (*trail, name), self.report)
            for name, condition in self.any_mapping(value, trail).items()
        }

    def _assignments(self, value: Any, trail: Trail) -> Mapping[str, Expression]:
        assignments = {}
        for name, expression in self.any_mapping(value, trail).items():
            if name not in EVENT_FIELDS:
                self.add((*trail, name), f'no event field "{name}"', nearest(name, EVENT_FIELDS), name)
            assignments[name] = read_expression(expression, (*trail, name), self.report)
        return assignments

    def _check_rules(
        self, common: Mapping[str, Expression], rules: tuple[EventRule, ...], raw: set[str], kinds: tuple[str, ...]
    ) -> None:
        self._check_raw(common, raw, ("common",))
        for number, rule in enumerate(rules):
            trail = ("event", number)
            self._check_raw(rule.set, raw, (*trail, "set"))
            for name in rule.when:
                if name not in raw:
                    self._unknown_raw(name, (*trail, "when", name))
            whole = {**common, **rule.set}
            for name in ("kind", "source", "time", "code"):
                if name not in whole and name not in raw:
                    expected = f"{name} in set, common or the fields"
                    self.add(trail, f"{place(trail)} makes an event without {name}", expected)
            self._check_literals(whole, kinds, trail)
        self._check_kinds_used(common, rules, kinds)

    def _check_raw(self, assignments: Mapping[str, Expression], raw: set[str], trail: Trail) -> None:
        for name, expression in assignments.items():
            for field in sorted(fields_of(expression) - raw):
                self._unknown_raw(field, (*trail, name))

    def _unknown_raw(self, name: str, trail: Trail) -> None:
        self.add(trail, f"{place(trail)} reads the raw field {name}", "a field of one of the shapes", "it in none")

    def _check_misspelt(
        self, shapes: tuple[Shape, ...], common: Mapping[str, Expression], rules: tuple[EventRule, ...]
    ) -> None:
        """A field of a shape that no rule reads may be kept for people; one that is nearly a field of events is a mistake."""
        read = {name for rule in rules for name in rule.when}
        read |= {name for rule in rules for one in {**common, **rule.set}.values() for name in fields_of(one)}
        for number, shape in enumerate(shapes):
            for name in shape.fields.keys() - read - set(EVENT_FIELDS):
                near = get_close_matches(name, set(EVENT_FIELDS) - shape.fields.keys(), 1, VERY_ALIKE)
                if near:
                    trail = ("shapes", number, "fields", name)
                    self.add(trail, f"{place(trail)} is read by no rule and is no event field", near[0], name)

    def _check_literals(self, rule: Mapping[str, Expression], kinds: tuple[str, ...], trail: Trail) -> None:
        for kind in sorted(literals_of(rule["kind"]) if "kind" in rule else ()):
            if any(kinds) and kind not in kinds:
                expected = "one of the source's kinds: " + ", ".join(kinds)
                self.add((*trail, "set", "kind"), f"{place(trail)} makes another kind of event", expected, kind)
        where = (*trail, "set", "target_visible")
        for word in sorted(literals_of(rule["target_visible"]) if "target_visible" in rule else ()):
            if word not in ("true", "false"):
                self.add(where, f"{place(where)} is no truth value", '"true" or "false"', word)

    def _check_kinds_used(
        self, common: Mapping[str, Expression], rules: tuple[EventRule, ...], kinds: tuple[str, ...]
    ) -> None:
        made = _results("kind", common, rules)
        for number, kind in enumerate(kinds):
            if rules and kind and kind not in made:
                self.add(("kinds", number), "no rule makes this kind of event", "a rule that sets it", kind)


def _results(field: str, common: Mapping[str, Expression], rules: tuple[EventRule, ...]) -> frozenset[str]:
    """Every fixed text the rules give one event field."""
    expressions = [{**common, **rule.set}.get(field, Template(())) for rule in rules]
    return frozenset().union(*map(literals_of, expressions))
