"""属地: from a code or a name in a ledger to a region that this node knows. Pure."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from services.intake.ledger.values import Unfit
from shared.masking import mask
from shared.regions import UnknownRegion


def place(said: str, regions: Mapping[str, str], default: str | None) -> str:
    """The code of the region: told by code, by name, by an address that names one (the smallest, where it
    names several), or by the beginning or end of one name. Without any known region every code is taken.
    Raises Unfit.
    """
    if not said:
        if default is None:
            raise Unfit(
                "没有写属地，导入时也没有指定默认地区", "no region, and no default region was given for the import"
            )
        return default
    if re.fullmatch(r"\d{6,12}", said):
        found = [code for code in _shorter(said) if code in regions or not regions][:1]
    else:
        found = [code for code, name in regions.items() if name == said]
        found = found or _smallest({code: name for code, name in regions.items() if name in said})
        found = found or _largest([code for code, name in regions.items() if _part(said, name)])
    shown = mask(said[:40])
    if len(found) == 1:
        return found[0]
    if found:
        listed = "、".join(f"{code} {regions[code]}" for code in found[:5])
        raise Unfit(f"“{shown}”可指 {listed}，请写区划代码", f"{shown!r} may be any of {listed}: write the code")
    if said.isdecimal():
        unknown = UnknownRegion(said, regions)
        raise Unfit(unknown.zh, unknown.en)
    names = get_close_matches(said, regions.values(), n=5, cutoff=0.3)
    near = [code for code, name in regions.items() if name in names] or sorted(regions)
    listed = "、".join(f"{code} {regions[code]}" for code in near[:5])
    raise Unfit(
        f"本节点没有地区“{shown}”，相近的有：{listed}；请更正，或把它加入区划文件",
        f"this node knows no region {shown!r}; near it: {listed}; correct it, or add it to a region file",
    )


def _shorter(code: str) -> list[str]:
    """The code itself, then without the zeros that fill it up to nine or twelve digits."""
    return [code, *(code[:length] for length in (9, 6) if set(code[length:]) == {"0"})]


def _part(said: str, name: str) -> bool:
    return len(said) > 1 and (name.startswith(said) or name.endswith(said))


def _smallest(named: dict[str, str]) -> list[str]:
    """Without what another one is a part of: 河阳县 beside its 柳林镇, 柳林镇 beside 上柳林镇."""

    def hides(other: str, code: str) -> bool:
        return other != code and (other.startswith(_stem(code)) or named[code] in named[other])

    return [code for code in named if not any(hides(other, code) for other in named)]


def _largest(codes: list[str]) -> list[str]:
    """Without the parts of another one: 河阳 is the county, not its towns."""
    return [code for code in codes if not any(other != code and code.startswith(_stem(other)) for other in codes)]


def _stem(code: str) -> str:
    """What the codes of the region's parts begin with: 61 for 610000, 6104 for 610400."""
    return re.sub(r"(00){1,2}$", "", code) if len(code) == 6 else code
