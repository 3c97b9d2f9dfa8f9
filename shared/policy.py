"""A policy (督查口径): the limits, thresholds and lists by which a verdict goes. Pure: text in, a value out.

Lawful limits differ by place and year, so none is a constant of the code; and a new value is a new version, always.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import combinations
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import to_json

from shared.deadlines import Limit
from shared.terms import FindingKind, LeaderRank, NoticeLevel, Role
from shared.workdays import Impossible

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(gt=0)]


class PolicyError(Exception):
    """A policy that cannot be used. The texts say where and how to mend it; `line` counts from 1 in the file `name`."""

    def __init__(self, zh: str, en: str, line: int | None = None, name: str = "") -> None:
        if line is not None:
            zh, en = f"{name} 第 {line} 行：{zh}", f"{name}, line {line}: {en}"
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.line = zh, en, line


class Table(BaseModel):
    """A table of the policy file: immutable, and every key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, serialize_by_alias=True)


class Limits(Table):
    """法定期限: the limits of the 信访工作条例 (articles beside them), or of the local rules that a place follows."""

    forward: Limit  # 转送交办, Art 22: from receipt to forwarding or assigning
    notice: Limit  # 受理告知, Art 23: from receipt to telling the person in writing
    objection: Limit  # 异议, Art 23: from receipt of a dispatch to "not ours", with reasons
    handling: Limit  # 办结, Art 34: from acceptance to closing
    extension_max: Count  # 延期, Art 34: the most days by which the head of the unit may extend `handling`
    review_request: Limit  # 请求复查, Art 35: from getting the written reply
    review: Limit  # 复查, Art 35: from the request to the written decision
    final_review_request: Limit  # 请求复核, Art 36: from getting the review decision
    final_review: Limit  # 复核, Art 36: from the request to the decision; a hearing suspends it


class Rule(Table):
    """A supervision rule: its name, by which text, and how sure its word is."""

    name: Text
    basis: Text
    kind: FindingKind
    enabled: bool


class DayRule(Rule):
    """A rule that looks at a span of so many calendar days."""

    days: Count

    @property
    def limit(self) -> Limit:
        """The span as a limit, so that it prints its arithmetic: calendar days, the first not counted."""
        return Limit(self.days, "calendar", "next-day", "none", self.basis)


class TimesRule(Rule):
    """A rule that counts how often something happened."""

    times: Count


class Rules(Table):
    """督查规则: the supervision rules. In the file each goes by its id, which has hyphens."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))

    no_leader: DayRule  # no leader so many days after dispatch; after registration when never dispatched
    idle: DayRule  # no substantive fact for so many days
    never_met: DayRule  # nobody met the person so many days after acceptance; after registration when never accepted
    overdue: Rule  # past `limits.handling` without a valid extension
    relapse: DayRule  # the same matter is back within so many days of closing
    ping_pong: TimesRule  # objected to or returned so often

    def by_id(self) -> dict[str, Rule]:
        """Every rule by the id that findings carry, such as `no-leader`."""
        return {info.alias or name: getattr(self, name) for name, info in type(self).model_fields.items()}


class Why(Table):
    """A reason in both languages."""

    zh: Text
    en: Text


class Progress(Table):
    """实质性进展: which facts, by type name, move the idle clock, and why others do not."""

    substantive: tuple[Text, ...] = Field(min_length=1)
    ignored: dict[Text, Why]

    @model_validator(mode="after")
    def _on_one_side(self) -> Self:
        if both := sorted({*self.substantive} & self.ignored.keys()):
            raise Impossible(f"把 {both[0]} 两边都列了，请留一处", f"lists {both[0]} on both sides; keep one")
        return self

    def why_not(self, fact: str) -> Why | None:
        """Why a fact of this type does not move the idle clock; None when it does."""
        unlisted = Why(zh="未列入实质性进展", en="not listed as substantive progress")
        return None if fact in self.substantive else self.ignored.get(fact, unlisted)


class Rung(Table):
    """A rung of the ladder: by which text, and how many calendar days there are to answer; None awaits no answer."""

    basis: Text
    answer_days: Count | None = None

    @property
    def limit(self) -> Limit | None:
        """The time to answer as a limit, so that it prints its arithmetic."""
        return Limit(self.answer_days, "calendar", "next-day", "none", self.basis) if self.answer_days else None


class Notices(Table):
    """督办阶梯: a notice that is not answered in time leads to the next rung."""

    addressees: tuple[Role, ...] = Field(min_length=1)  # the first of these whom the case has is told
    ladder: dict[NoticeLevel, Rung]

    @model_validator(mode="after")
    def _leads_on(self) -> Self:
        for level in NoticeLevel:
            rung = self.ladder.get(level)
            if rung is None or (rung.answer_days is None and level is not NoticeLevel.ACCOUNTABILITY):
                raise Impossible(f"的 ladder 缺 {level} 或其 answer_days", f"lacks ladder.{level} or its answer_days")
        return self


class Petitions(Table):
    """登记: what is asked of a petition that comes in."""

    representatives: Count = 5  # 集体访推选代表, Art 20: at most so many


class Leaders(Table):
    """包案: what a leader who owns a case has to be."""

    ranks_for_assigned: tuple[
        LeaderRank, ...
    ] = ()  # of a case assigned from above; empty asks for none (plans D6, D10)


class GoingDown(Table):
    """下访: how long before it the place is told, and the public (seed plan D7)."""

    contact_days: Count = 10
    public_days: Count = 5


class ReturnVisits(Table):
    """回访: after so many days from closing, each by somebody who did not handle the case."""

    days: tuple[Count, ...] = (30, 90, 180)


class Inquiry(Table):
    """核查: what an inquiry report needs (seed plan D6)."""

    verifiers: Count = 2  # how many must have verified, at least


class ChecklistItem(Table):
    """清单事项: met by a fact of one of these types; until then somebody's duty."""

    facts: tuple[Text, ...] = Field(min_length=1)
    duty: Role


class Checklist(Table):
    """清单: what a plan wants every case to have (七个一, 一案七要素, 四明确)."""

    name: Text
    items: dict[Text, ChecklistItem] = Field(min_length=1)


class Policy(Table):
    """督查口径: one version of the values that verdicts follow and name."""

    version: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]*$")]
    title: Text
    effective_from: date  # in force from the start of this day in Asia/Shanghai
    author: Text
    basis: Text
    limits: Limits
    rules: Rules
    progress: Progress
    notices: Notices
    petitions: Petitions = Petitions()
    leaders: Leaders = Leaders()
    going_down: GoingDown = GoingDown()
    return_visits: ReturnVisits = ReturnVisits()
    inquiry: Inquiry = Inquiry()
    checklists: dict[str, Checklist] = Field(default_factory=dict)


def load_policy(text: str, name: str, known_facts: frozenset[str] | None = None) -> Policy:
    """Read the text of a policy file that errors call `name`. With `known_facts`, no other type of fact may be listed.

    Raises `PolicyError`, with the line, for text that is not TOML, an unknown or missing key and an impossible value.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise PolicyError(f"不是合法的 TOML：{error}", f"not TOML: {error}", line, name) from error
    try:
        # Through JSON: its strict mode lets text be a date or a term, yet never a number, nor true an integer.
        policy = Policy.model_validate_json(to_json(table), strict=True)
    except ValidationError as error:
        problem = min(error.errors(), key=lambda problem: problem["type"] == "missing")  # a misspelt key first
        key = ".".join(str(step) for step in problem["loc"] if step != "[key]")
        zh, en = _in_words(problem["type"], problem["msg"], problem.get("ctx", {}))
        raise PolicyError(f"{key} {zh}", f"{key} {en}", line_of(text, problem["loc"]), name) from error
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
