"""属地: from a code or a name in a ledger to a region that this node knows. Pure."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property

from services.intake.ledger.values import Unfit
from shared.masking import mask
from shared.regions import UnknownRegion


class Places:
    """The regions of a node (code to name), asked by whatever a ledger writes. The same word is looked up once."""

    def __init__(self, regions: Mapping[str, str], default: str | None) -> None:
        self.regions, self.default = regions, default
        self._answers: dict[str, str | Unfit] = {}

    def code(self, said: str) -> str:
        """The code of the region: told by code, by name, by an address that names one (in full, or without the city and the
        province before it; of several the smallest), or by the beginning or end of one name; of several, the one in the
        default region. Nothing said means the default region. Without any known region every code is taken. Raises Unfit.
        """
        if said not in self._answers:
            self._answers[said] = self._answer(said)
        answer = self._answers[said]
        if isinstance(answer, Unfit):
            raise Unfit(answer.zh, answer.en)  # a new one: a raised one keeps every place that raised it
        return answer

    def says_more(self, said: str, code: str) -> bool:
        """Whether the words name more than the region they were taken for: 武功县普集镇 where only the county is known."""
        return not re.fullmatch(r"\d*", said) and said not in self.regions.get(code, said)

    @cached_property
    def _short(self) -> dict[str, str]:
        """Each region's own name, without those of the city and the province before it: 武功县."""
        return {code: _own(code, name, self.regions) for code, name in self.regions.items()}

    def _answer(self, said: str) -> str | Unfit:
        if not said:
            return self.default or Unfit(
                "没有写属地，导入时也没有指定默认地区", "no region, and no default region was given for the import"
            )
        found = self._look_up(said)
        home = [code for code in found if self.default and code.startswith(_stem(self.default))]
        for codes in (found, home):
            if len(codes) == 1:
                return codes[0]
        shown = mask(said[:40])
        if found:
            listed = self._listed(found)
            return Unfit(f"“{shown}”可指 {listed}，请写区划代码", f"{shown!r} may be any of {listed}: write the code")
        if said.isdecimal():
            unknown = UnknownRegion(said, self.regions)
            return Unfit(unknown.zh, unknown.en)
        if not self.regions:
            return Unfit(
                f"本节点没有区划表，不认识地区名称“{shown}”；请写区划代码，或把它加入数据目录的 regions.csv（code,name）",
                f"this node has no region files and knows no name such as {shown!r}; write the code, or add it to regions.csv"
                " (code,name) in the data folder",
            )
        names = get_close_matches(said, self.regions.values(), n=5, cutoff=0.3)
        listed = self._listed([code for code, name in self.regions.items() if name in names])
        near, near_en = (f"，相近的有：{listed}", f"; near it: {listed}") if listed else ("", "")
        return Unfit(
            f"本节点没有地区“{shown}”{near}；请更正，或写区划代码，或把它加入数据目录的 regions.csv（code,name）",
            f"this node knows no region {shown!r}{near_en}; correct it, write the code, or add it to regions.csv (code,name)"
            " in the data folder",
        )

    def _look_up(self, said: str) -> list[str]:
        if re.fullmatch(r"\d{6,12}", said):
            return [code for code in _shorter(said) if code in self.regions or not self.regions][:1]
        return (
            [code for code, name in self.regions.items() if name == said]
            or _smallest({code: name for code, name in self.regions.items() if name in said})
            or _smallest({code: name for code, name in self._short.items() if name in said})
            or _largest([code for code, name in self.regions.items() if _part(said, name)])
        )

    def _listed(self, codes: list[str]) -> str:
        return "、".join(f"{code} {self.regions[code]}" for code in codes[:5])


def _shorter(code: str) -> list[str]:
    """The code itself, then without the zeros that fill it up to nine or twelve digits."""
    return [code, *(code[:length] for length in (9, 6) if set(code[length:]) == {"0"})]


def _own(code: str, name: str, regions: Mapping[str, str]) -> str:
    for upper in (code[:6], code[:4] + "00", code[:2] + "0000"):
        above = regions.get(upper) if upper != code else None
        if above and name.startswith(above) and name != above:
            return name.removeprefix(above)
    return name


def _part(said: str, name: str) -> bool:
    return len(said) > 1 and (name.startswith(said) or name.endswith(said))


def _smallest(named: dict[str, str]) -> list[str]:
    """Without what another one is a part of: 河阳县 beside its 柳林镇, 柳林镇 beside 上柳林镇."""

    def hides(other: str, code: str) -> bool:
        longer = named[code] != named[other] and named[code] in named[other]
        return other != code and (other.startswith(_stem(code)) or longer)

    return [code for code in named if not any(hides(other, code) for other in named)]


def _largest(codes: list[str]) -> list[str]:
    """Without the parts of another one: 河阳 is the county, not its towns."""
    return [code for code in codes if not any(other != code and code.startswith(_stem(other)) for other in codes)]


def _stem(code: str) -> str:
    """What the codes of the region's parts begin with: 61 for 610000, 6104 for 610400."""
    return re.sub(r"(00){1,2}$", "", code) if len(code) == 6 else code
