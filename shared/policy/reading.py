"""Policies as files: read with the line of every mistake, and chosen by day. Pure: text in, a value out."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from shared.events.fact import Fact
from shared.policy.rules import RuleTable, RuleTables, unasked
from shared.policy.values import Policy
from shared.workdays import Impossible

T = TypeVar("T", bound=BaseModel)
M = TypeVar("M")


class PolicyError(Exception):
    """A policy that cannot be used. The texts say where and how to mend it; `line` counts from 1 in the file `name`."""

    def __init__(self, zh: str, en: str, line: int | None = None, name: str = "") -> None:
        if line is not None:
            zh, en = f"{name} 第 {line} 行：{zh}", f"{name}, line {line}: {en}"
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.line = zh, en, line

    def __reduce__(self) -> tuple[type["PolicyError"], tuple[str, str], dict[str, int | None]]:
        """It crosses from one process to another, and says there what it said here."""
        return PolicyError, (self.zh, self.en), {"line": self.line}


Kinds = Mapping[str, type[Fact]]
"""Every type of fact that a policy may name, by its name."""


def load_policy(text: str, name: str, facts: Kinds | None = None, rules: RuleTables | None = None) -> Policy:
    """Read the text of a policy file that errors call `name`. With `facts`, no other type of fact may be listed; with
    `rules`, there is a table for each of them, of the kind that it wants, and none beside.

    Raises `PolicyError`, with the line, for text that is not TOML, an unknown or missing key and an impossible value.
    """
    return checked(parsed(text, name), text, name, facts, rules)


def parsed(text: str, name: str) -> dict[str, Any]:
    """The tables of a policy file. Raises `PolicyError`, with the line, for text that is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise PolicyError(f"不是合法的 TOML：{error}", f"not TOML: {error}", line, name) from error


def checked(
    table: dict[str, Any],
    text: str,
    name: str,
    facts: Kinds | None,
    rules: RuleTables | None,
    *,
    of_the_past: bool = False,
) -> Policy:
    """The policy that these tables are; `text` is the file that says them, or what differs from its base. Raises `PolicyError`.

    A text of the past may be older than a rule: which it does not name, was not asked.
    """
    policy = _valid(Policy, table, (), text, name)
    if rules is not None:
        later = {
            rule: unasked(rule, kind) for rule, kind in rules.items() if of_the_past and rule not in table["rules"]
        }
        there = {rule: kind for rule, kind in rules.items() if rule not in later}
        policy = policy.model_copy(update={"rules": _rules(table["rules"], there, text, name) | later})
        for n, rule in enumerate(policy.notices.ahead.rules):
            if rule not in rules and not of_the_past:
                zh, en = f"没有叫 {rule} 的督查规则", f"no rule is named {rule}"
                raise PolicyError(zh, en, line_of(text, ("notices", "ahead", "rules", n)), name)
    for path, zh, en in _misfits(policy, facts) if facts is not None else ():
        raise PolicyError(zh, en, line_of(text, path), name)
    return policy


def _misfits(policy: Policy, facts: Kinds) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Where the policy names a type of fact that there is none of, or asks of one what it never says."""
    listed: list[tuple[str, tuple[str | int, ...]]] = [
        (fact, ("progress", "ignored", fact)) for fact in policy.progress.ignored
    ]
    listed += [(fact, ("progress", "substantive", n)) for n, fact in enumerate(policy.progress.substantive)]
    items = [
        (("checklists", key, "items", name), item)
        for key, checklist in policy.checklists.items()
        for name, item in checklist.items.items()
    ]
    listed += [(fact, (*path, "facts")) for path, item in items for fact in item.facts]
    for key, rule in policy.backlog.criteria.items():
        listed += [
            (fact, ("backlog", "criteria", key, "closed_without", n)) for n, fact in enumerate(rule.closed_without)
        ]
    for fact, where in listed:
        if fact not in facts:
            near = ", ".join(difflib.get_close_matches(fact, sorted(facts))) or "-"
            yield where, f"没有叫 {fact} 的事实，相近的：{near}", f"no fact is named {fact}; near it: {near}"
    for path, item in items:
        for where_in_it, zh, en in item.misfits(facts):
            yield (*path, *where_in_it), f"{path[-1]}：{zh}", f"{path[-1]}: {en}"


def _rules(tables: dict[str, Any], rules: RuleTables, text: str, name: str) -> dict[str, RuleTable]:
    """The tables of all the rules, in the order in which these are declared; a misspelt id before the one it leaves out."""
    for rule in [*(tables.keys() - rules.keys()), *(rule for rule in rules if rule not in tables)]:
        zh, en = _in_words("missing" if rule in rules else "extra_forbidden", "", {})
        raise PolicyError(f"rules.{rule} {zh}", f"rules.{rule} {en}", line_of(text, ("rules", rule)), name)
    return {rule: _valid(kind, tables[rule], ("rules", rule), text, name) for rule, kind in rules.items()}


def _valid(kind: type[T], table: Any, where: tuple[str, ...], text: str, name: str) -> T:
    # Through JSON: its strict mode lets text be a date or a term, yet never a number, nor true an integer.
    return _taken(lambda: kind.model_validate_json(to_json(table), strict=True), where, text, name)


def read_table(text: str, name: str, validate: Callable[[dict[str, Any]], M]) -> M:
    """Read the text of any TOML file that errors call `name`, as `validate` takes it. Raises `PolicyError`, with the line."""
    table = parsed(text, name)
    return _taken(lambda: validate(table), (), text, name)


def _taken(validate: Callable[[], M], where: tuple[str, ...], text: str, name: str) -> M:
    try:
        return validate()
    except ValidationError as error:
        problem = min(error.errors(), key=lambda problem: problem["type"] == "missing")  # a misspelt key first
        path = (*where, *problem["loc"])
        key = ".".join(str(step) for step in path if step != "[key]")
        zh, en = _in_words(problem["type"], problem["msg"], problem.get("ctx", {}))
        raise PolicyError(f"{key} {zh}", f"{key} {en}", line_of(text, path), name) from error


def in_force(policies: Iterable[Policy], day: date) -> Policy:
    """The policy of this business day: the one with the newest `effective_from` that is not after it.

    Raises `PolicyError` when there is none, and when two share a version or a first day, so that neither is the one.
    """
    ordered = sorted(policies, key=lambda policy: policy.effective_from)
    for a, b in combinations(ordered, 2):
        if a.version == b.version or a.effective_from == b.effective_from:
            zh, en = "的版本或生效日相同，请更改其一", "share a version or a first day: change that of one"
            raise PolicyError(f"{a.version} 与 {b.version} {zh}", f"{a.version} and {b.version} {en}")
    begun = [policy for policy in ordered if policy.effective_from <= day]
    if not begun:
        raise PolicyError(f"{day} 没有已生效的口径，请先发布一份", f"no policy is in force on {day}; publish one first")
    return begun[-1]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) of this TOML where `path` is set, or else as much of the path as there is.

    The parser itself finds it: what is set stays set, so the first opening of the text that has it is found by halving; the
    statement begins right after the longest opening before that.
    """
    lines = text.split("\n")

    def opening(n: int) -> tuple[int, dict[str, Any]]:
        """The longest opening of at most n lines that reads, and what it says: in the middle of a statement none does."""
        for length in range(n, 0, -1):
            with suppress(tomllib.TOMLDecodeError):
                return length, tomllib.loads("\n".join(lines[:length]) + "\n")
        return 0, {}

    last, table = opening(len(lines))
    depth, found = _follow(table, path)
    if not depth:
        return 1
    without = 0
    while last - without > 1:
        middle = (last + without) // 2
        length, table = opening(middle)
        if _follow(table, path)[0] == depth:
            last = length
        else:
            without = middle
    begin = opening(last - 1)[0] + 1
    quoted = re.compile(f"[\"']{re.escape(str(found))}[\"']")  # in an array of several lines, the line of the element
    return next((n for n in range(begin, last + 1) if quoted.search(lines[n - 1])), begin)


def _follow(value: Any, path: Sequence[str | int]) -> tuple[int, Any]:
    """How many steps of a path there are, and what lies there."""
    depth = 0
    with suppress(LookupError, TypeError):
        for step in path:
            value = value[step]
            depth += 1
    return depth, value


_IN_WORDS = {
    **dict.fromkeys(("extra_forbidden", "unexpected_keyword_argument"), ("不是已知的项，请改正", "is not a known key")),
    **dict.fromkeys(("model_type", "dataclass_type", "dict_type"), ("必须是一个表", "must be a table")),
    **dict.fromkeys(("string_too_short", "too_short"), ("不能为空", "must not be empty")),
    **dict.fromkeys(("enum", "literal_error"), ("只能是 {expected}", "must be {expected}")),
    "missing": ("缺少，请补上", "is missing; add it"),
    "greater_than": ("必须大于 {gt}", "must be greater than {gt}"),
    "int_type": ("必须是整数", "must be a whole number"),
    "bool_type": ("必须是 true 或 false", "must be true or false"),
}


def _in_words(kind: str, message: str, about: dict[str, Any]) -> tuple[str, str]:
    """What pydantic found, in both languages."""
    if isinstance(problem := about.get("error"), Impossible):
        return problem.zh, problem.en
    zh, en = _IN_WORDS.get(kind, ("的值不合要求：{message}", "cannot be so: {message}"))
    return zh.format(message=message, **about), en.format(message=message, **about)
