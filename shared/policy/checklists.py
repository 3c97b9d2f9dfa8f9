"""清单: what a plan wants every case to have, and which facts answer it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from shared.events.fact import Fact
from shared.policy.table import Table, Text
from shared.terms import Role

DUE = "due_on"
"""What a measure, a promise and a term call the day by which they are to be done."""
Wanted = bool | Text | tuple[Text, ...]


class ChecklistItem(Table):
    """清单事项: met by a fact of one of these types of which all the rest is true; until then somebody's duty."""

    facts: tuple[Text, ...] = Field(min_length=1)
    by: Literal["leader"] | None = None  # 亲自: done by the owner leader in person
    where: dict[Text, Wanted] = Field(default_factory=dict)  # a field says this, or one of these
    has: tuple[Text, ...] = ()  # fields that are not left empty
    dated: bool = False  # it names a day by which something is to be done
    duty: Role

    def met_by(self, fact: Fact, leader: str | None) -> bool:
        """Whether this fact meets the item; `leader` is the id of whoever owned the case on the day of the fact."""
        if type(fact).__name__ not in self.facts:
            return False
        if self.by is not None and (leader is None or _who(fact) != leader):
            return False
        said = all(_says(getattr(fact, name), wanted) for name, wanted in self.where.items())
        return said and all(getattr(fact, name) for name in self.has) and (not self.dated or _names_a_day(fact))

    def misfits(self, facts: Mapping[str, type[Fact]]) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """What of this item no fact could ever meet: where it is said, and why in both languages."""
        for kind in (facts[name] for name in self.facts):
            fields, name = kind.model_fields, kind.__name__
            if self.by is not None and kind.done_by is None:
                yield ("by",), f"{name} 不写明由谁亲自办理", f"{name} does not say who did it in person"
            if self.dated and DUE not in fields and not any(_can_name_a_day(f.annotation) for f in fields.values()):
                yield ("dated",), f"{name} 不写明办理时限", f"{name} names no day by which something is to be done"
            for field in (*self.has, *self.where):
                if field not in fields:
                    listed = ", ".join(fields)
                    yield (
                        ("where" if field in self.where else "has", field),
                        f"{name} 没有 {field} 一项，只有：{listed}",
                        f"{name} has no field {field}; it has: {listed}",
                    )
                elif field in self.where and not _possible(fields[field].annotation, self.where[field]):
                    yield (
                        ("where", field),
                        f"{name} 的 {field} 不会是 {self.where[field]}",
                        f"{field} of {name} is never {self.where[field]}",
                    )


class Checklist(Table):
    """清单: what a plan wants every case to have (七个一, 一案七要素, 四明确, 四包, 四亲自)."""

    name: Text
    basis: str = ""
    items: dict[Text, ChecklistItem] = Field(min_length=1)


def _who(fact: Fact) -> str | None:
    """The id of whoever did it in person."""
    official = getattr(fact, fact.done_by) if fact.done_by else None
    return official.id if official else None


def _names_a_day(fact: Fact) -> bool:
    """Whether it, or something of it like a measure or a term, is to be done by a day."""
    parts = (part for value in fact.__dict__.values() for part in (value if isinstance(value, tuple) else (value,)))
    return any(getattr(part, DUE, None) is not None for part in (fact, *parts))


def _can_name_a_day(annotation: Any) -> bool:
    element = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    return DUE in getattr(element, "model_fields", ())


def _says(said: Any, wanted: Wanted) -> bool:
    """Of a field that holds several words, that one of them is wanted; of any, that it is what is wanted, or one of that."""
    any_of = wanted if isinstance(wanted, tuple) else (wanted,)
    return bool(set(said) & set(any_of)) if isinstance(said, tuple) else said in any_of


def _possible(annotation: Any, wanted: Wanted) -> bool:
    """Whether a field of this type can hold what is wanted."""
    element = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    adapter: TypeAdapter[Any] = TypeAdapter(element)
    try:
        for word in wanted if isinstance(wanted, tuple) else (wanted,):
            adapter.validate_json(to_json(word), strict=True)
    except ValidationError:
        return False
    return True
