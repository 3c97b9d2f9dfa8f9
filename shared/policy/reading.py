"""Policies as files: read with the line of every mistake, and chosen by day. Pure: text in, a value out."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import to_json

from shared.policy.values import Policy
from shared.workdays import Impossible

M = TypeVar("M")


class PolicyError(Exception):
    """A policy that cannot be used. The texts say where and how to mend it; `line` counts from 1 in the file `name`."""

    def __init__(self, zh: str, en: str, line: int | None = None, name: str = "") -> None:
        if line is not None:
            zh, en = f"{name} 第 {line} 行：{zh}", f"{name}, line {line}: {en}"
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.line = zh, en, line


def load_policy(text: str, name: str, known_facts: frozenset[str] | None = None) -> Policy:
    """Read the text of a policy file that errors call `name`. With `known_facts`, no other type of fact may be listed.

    Raises `PolicyError`, with the line, for text that is not TOML, an unknown or missing key and an impossible value.
    """
    # Through JSON: its strict mode lets text be a date or a term, yet never a number, nor true an integer.
    policy = read_table(text, name, lambda table: Policy.model_validate_json(to_json(table), strict=True))
    listed: dict[str, tuple[str | int, ...]] = {fact: ("ignored", fact) for fact in policy.progress.ignored}
    listed |= {fact: ("substantive", n) for n, fact in enumerate(policy.progress.substantive)}
    paths: dict[str, tuple[str | int, ...]] = {fact: ("progress", *path) for fact, path in listed.items()}
    for key, checklist in policy.checklists.items():
        for name_of, item in checklist.items.items():
            paths |= {fact: ("checklists", key, "items", name_of, "facts") for fact in item.facts if fact not in paths}
    for fact, where in paths.items():
        if known_facts is not None and fact not in known_facts:
            near = ", ".join(difflib.get_close_matches(fact, sorted(known_facts))) or "-"
            zh, en = f"没有叫 {fact} 的事实，相近的：{near}", f"no fact is named {fact}; near it: {near}"
            raise PolicyError(zh, en, line_of(text, where), name)
    return policy


def read_table(text: str, name: str, validate: Callable[[dict[str, Any]], M]) -> M:
    """Read the text of any TOML file that errors call `name`, as `validate` takes it. Raises `PolicyError`, with the line."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise PolicyError(f"不是合法的 TOML：{error}", f"not TOML: {error}", line, name) from error
    try:
        return validate(table)
    except ValidationError as error:
        problem = min(error.errors(), key=lambda problem: problem["type"] == "missing")  # a misspelt key first
        key = ".".join(str(step) for step in problem["loc"] if step != "[key]")
        zh, en = _in_words(problem["type"], problem["msg"], problem.get("ctx", {}))
        raise PolicyError(f"{key} {zh}", f"{key} {en}", line_of(text, problem["loc"]), name) from error


def in_force(policies: Iterable[Policy], day: date) -> Policy:
    """The policy of this business day: the one with the newest `effective_from` that is not after it.

    Raises `PolicyError` when there is none, and when two share a version or a first day, so that neither is the one.
    """
    ordered = sorted(policies, key=lambda policy: policy.effective_from)
    for a, b in combinations(ordered, 2):
        if a.version == b.version or a.effective_from == b.effective_from:
            zh, en = "的版本或生效日相同", "share a version or a first day"
            raise PolicyError(f"{a.version} 与 {b.version} {zh}", f"{a.version} and {b.version} {en}")
    begun = [policy for policy in ordered if policy.effective_from <= day]
    if not begun:
        raise PolicyError(f"{day} 没有已生效的口径，请先发布一份", f"no policy is in force on {day}; publish one first")
    return begun[-1]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) of this TOML where `path` is set, or else as much of the path as there is.

    The parser itself finds it: a statement begins right after the longest opening of the text that reads without it.
    """
    lines = text.split("\n")
    readable, depth, begin, end, found = 0, 0, 1, 1, None
    for n in range(1, len(lines) + 1):
        try:
            value: Any = tomllib.loads("\n".join(lines[:n]) + "\n")
        except tomllib.TOMLDecodeError:  # in the middle of a statement
            continue
        with suppress(LookupError, TypeError):
            for steps, step in enumerate(path, start=1):
                value = value[step]
                if steps > depth:
                    depth, begin, end, found = steps, readable + 1, n, value
        readable = n
    quoted = re.compile(f"[\"']{re.escape(str(found))}[\"']")  # in an array of several lines, the line of the element
    return next((n for n in range(begin, end + 1) if quoted.search(lines[n - 1])), begin)


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
