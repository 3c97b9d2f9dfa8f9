"""登记认定: what a policy says of petitions that come in, and of which are backlog. Pure."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.policy.table import Count, Table, Text
from shared.terms import Category, JurisdictionGround, Ruler
from shared.workdays import Impossible


class Few(Table):
    """人数较少的集体访: up to so many people send at most so many representatives."""

    people: Count
    representatives: Count


class Petitions(Table):
    """登记: what is asked of a petition that comes in."""

    representatives: Count = 5  # 集体访推选代表, Art 20: at most so many
    few: Few | None = None  # a lower number for a small crowd (浙江)

    def most_representatives(self, headcount: int) -> int:
        """How many may speak for a crowd of this size."""
        few = self.few is not None and headcount <= self.few.people
        return min(headcount, self.few.representatives if few and self.few else self.representatives)


class MatterClass(Table):
    """三类分类: categories that are settled in one turn; the classes are listed in the order of their turns (seed plan D2)."""

    name: Text
    categories: tuple[Category, ...] = Field(min_length=1)


class Focus(Table):
    """重点领域: matters of these categories, or whose demands name one of these words (seed plan D2)."""

    name: Text
    categories: tuple[Category, ...] = ()
    words: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.categories and not self.words:
            raise Impossible("须写明 categories 或 words", "names categories or words")
        return self


class BacklogRule(Table):
    """方案积案标准: what a plan counts as backlog beside the three criteria. One of the three kinds below."""

    name: Text
    basis: Text
    features: tuple[Text, ...] = ()  # a human finds that each of these is so (四特征定义, D6)
    times: Count | None = None  # brought so often, by whatever channel and to whatever office (次数定义, D9)
    within_days: Count | None = None  # … within so many calendar days
    closed_without: tuple[Text, ...] = ()  # closed, though no fact of these types is there (未按程序终结, D9)

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        kinds = [bool(self.features), self.times is not None, bool(self.closed_without)]
        if sum(kinds) != 1 or (self.times is None) != (self.within_days is None):
            raise Impossible(
                "须且只须写明 features、times 连同 within_days、closed_without 三者之一",
                "says one of: features; times with within_days; closed_without",
            )
        return self


class Backlog(Table):
    """积案: the plans' own criteria, and how far back a self-check looks."""

    self_check_years: Count | None = None  # 五年自查 (seed plan D2)
    criteria: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], BacklogRule] = Field(default_factory=dict)


class Jurisdiction(Table):
    """管辖: in which order grounds and rulers are tried; whoever takes a later one says why no earlier one serves."""

    grounds: tuple[JurisdictionGround, ...] = (JurisdictionGround.PLACE_OF_EVENT, JurisdictionGround.HOUSEHOLD)  # D9
    rulers: tuple[Ruler, ...] = (Ruler.COMMON_SUPERIOR, Ruler.JOINT_MEETING)  # Art 24
