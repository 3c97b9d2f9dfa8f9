"""地方口径: a policy that is laid over another one (`based_on`) says only what differs. Pure: texts in, values out."""

from collections.abc import Collection, Mapping
from typing import Any

from shared.policy.reading import Kinds, PolicyError, checked, in_force, line_of, parsed
from shared.policy.rules import RuleTables
from shared.policy.values import Policy

OWN = ("version", "title", "effective_from", "author", "basis")
"""What no overlay takes from its base."""


def whole_policies(
    texts: Mapping[str, str],
    facts: Kinds | None = None,
    rules: RuleTables | None = None,
    *,
    of_the_past: Collection[str] = (),
) -> dict[str, Policy]:
    """Every policy of a folder, by the name of its file, each with what it takes from the one that it is laid over.

    A table of an overlay is laid over that of its base key by key; everything else takes the base's place. Raises
    `PolicyError`, with file and line. Files `of_the_past`, and what lies over them, need not name rules that
    came later: these were not asked.
    """
    tables = {name: parsed(text, name) for name, text in texts.items()}
    names = {str(table.get("version")): name for name, table in tables.items()}

    def whole(name: str, above: tuple[str, ...] = ()) -> dict[str, Any]:
        table = tables[name]
        if "based_on" not in table:
            return table
        for key in OWN:
            if key not in table:
                raise PolicyError(
                    f"{key} 缺少，请补上", f"{key} is missing; add it", line_of(texts[name], (key,)), name
                )
        base = names.get(str(table["based_on"]))
        if base is None or base in (name, *above):
            known = ", ".join(sorted(version for version, file in names.items() if file not in (name, *above))) or "-"
            zh = f"based_on：没有可依据的口径 {table['based_on']}，有：{known}"
            en = f"based_on: there is no policy {table['based_on']} to lay it over; there are: {known}"
            raise PolicyError(zh, en, line_of(texts[name], ("based_on",)), name)
        return _over(whole(base, (*above, name)), table)

    def root(name: str) -> str:
        above = names.get(str(tables[name].get("based_on")))
        return name if above is None else root(above)

    wholes = {name: whole(name) for name in tables}
    return {
        name: checked(table, texts[name], name, facts, rules, of_the_past=root(name) in of_the_past)
        for name, table in wholes.items()
    }


def load_policies(
    texts: Mapping[str, str],
    facts: Kinds | None = None,
    rules: RuleTables | None = None,
    *,
    of_the_past: Collection[str] = (),
) -> tuple[Policy, ...]:
    """The policies that can be in force, from the texts of a folder's files, by name.

    From its first day on an overlay is in force instead of its base; and whoever has one needs one for each later base, or
    the local rules would be lost without a word. Raises `PolicyError`, with file and line.
    """
    policies = whole_policies(texts, facts, rules, of_the_past=of_the_past)
    names = {policy.version: name for name, policy in policies.items()}
    bases = {name: policies[names[policy.based_on]] for name, policy in policies.items() if policy.based_on is not None}

    def refuse(name: str, zh: str, en: str) -> None:
        raise PolicyError(zh, en, line_of(texts[name], ("effective_from",)), name)

    for name, base in bases.items():
        if policies[name].effective_from < base.effective_from:
            zh = f"effective_from 早于所依据的 {base.version}（{base.effective_from}）"
            refuse(name, zh, f"effective_from lies before that of its base {base.version}, {base.effective_from}")

    def depth(name: str) -> int:
        return 1 + depth(names[bases[name].version]) if name in bases else 0

    replaced = {(policy.based_on, policy.effective_from) for policy in policies.values()}
    usable = {name: p for name, p in policies.items() if (p.version, p.effective_from) not in replaced}
    for name, policy in usable.items():
        if any(depth(other) > depth(name) for other, p in usable.items() if p.effective_from < policy.effective_from):
            zh = (
                f'自 {policy.effective_from} 起会丢掉地方口径：请另写一份 based_on = "{policy.version}"、同日生效的口径'
            )
            refuse(
                name,
                zh,
                f"from {policy.effective_from} on the local rules would be lost: lay a policy over it, from that day",
            )
    if usable:
        in_force(usable.values(), max(policy.effective_from for policy in usable.values()))  # two of one day are none
    return tuple(usable.values())


def _over(base: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of `base` with those of an overlay laid over them."""
    merged = dict(base)
    for key, value in table.items():
        below = merged.get(key)
        merged[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
