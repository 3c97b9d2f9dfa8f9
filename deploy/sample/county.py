"""河阳县: a county that does not exist, and two years of its petitions, invented from one seed up to one day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from deploy.sample.matters import (
    AGREED,
    ASKS,
    BY_HANDLER,
    BY_LEADER,
    CLOSED,
    MATTERS,
    MET,
    OFFICE,
    OTHER_PAPERS,
    PAPERS,
    PLANS,
    STILL,
    TOWNS,
    UNITS,
    WORDS,
)


@dataclass
class Case:
    """One case, and the steps of its history: day, kind, unit, person, note."""

    kind: str
    number: str
    received: date
    unit: str
    category: str
    demand: str
    person: tuple[str, str, str, str]
    in_town: bool
    leader: tuple[str, str] | None = None
    steps: list[tuple[date, str, str, str, str]] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day of the last step."""
        return self.steps[-1][0] if self.steps else self.received

    def then(self, days: int, kind: str, note: str, person: str = "", unit: str = "") -> None:
        """The next step, so many days later, on a working day."""
        self.steps.append((working(self.day + timedelta(days=days)), kind, unit or self.unit, person, note))


HOLIDAYS = {(1, 1), *((5, day) for day in range(1, 6)), *((10, day) for day in range(1, 8))}


def working(day: date) -> date:
    """The day itself, or the next that is no weekend and none of the holidays with a fixed date."""
    while day.weekday() > 4 or (day.month, day.day) in HOLIDAYS:
        day += timedelta(days=1)
    return day


class County:
    """Invents cases, all from one seed and up to one day."""

    def __init__(self, today: date) -> None:
        self.today, self.random = today, Random(610499)
        surnames = iter("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛")
        self.leaders, self.handlers = {}, {}
        counties = [(f"{next(surnames)}某某", "副县长") for _ in range(4)]
        for index, unit in enumerate(UNITS):
            head = "镇长" if unit in TOWNS else "局长"
            own = [(f"{next(surnames)}某某", post) for post in (head, f"副{head}")]
            self.leaders[unit] = (*own, counties[index % 4])
            self.handlers[unit] = f"{next(surnames)}某"
        self.told: set[str] = set()

    def cases(self) -> Iterator[Case]:
        """Every kind, so many of each; then the repeated petitions."""
        again = []
        for kind, tell, count, (longest, latest), repeated in (
            ("diligent", self.diligent, 70, (82, 40), 0),
            ("idle", self.idle, 35, (700, 200), 3),
            ("leaderless", self.leaderless, 25, (320, 45), 1),
            ("ping-pong", self.ping_pong, 15, (400, 110), 2),
            ("closed", self.closed, 40, (725, 180), 0),
            ("relapsed", self.relapsed, 15, (600, 290), 0),
        ):
            for index in range(count):
                case = self.petition(kind, working(self.today - timedelta(self.random.randint(latest, longest))))
                tell(case)
                case.steps.sort(key=lambda step: step[0])
                yield case
                if index < repeated:
                    again.append(case)
        for number, case in enumerate(again, start=1):
            back = working(case.received + timedelta((self.today - case.received).days // 2))
            name = f"HY{back:%Y%m%d}C{number:02d}"
            yield replace(case, kind="repeat", received=back, number=name, steps=[], leader=None)

    def petition(self, kind: str, received: date) -> Case:
        """A new matter of a new person."""
        n = len(self.told)
        unit = UNITS[n % len(UNITS)]
        while True:
            category, fact = self.random.choice(MATTERS["镇" if unit in TOWNS else unit])
            said = fact.format(n=self.random.randint(2, 60), **{word: self.pick(*some) for word, some in WORDS.items()})
            if said not in self.told:
                break
        self.told.add(said)
        born = date(1955, 1, 1) + timedelta(self.random.randint(0, 14000))
        seventeen = f"610499{born:%Y%m%d}{n % 1000:03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        check = "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, weights, strict=True)) % 11]
        name = self.pick(*"赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦张孔曹严华金魏陶姜") + self.pick("某", "某某")
        village = self.pick(*WORDS["村"])
        person = name, seventeen + check, f"1990000{n:04d}", f"{village}{self.random.randint(1, 9)}组"
        demand = f"反映{said}，{self.pick(*ASKS)}"
        in_town = unit in TOWNS and self.random.random() < 0.7
        return Case(kind, f"HY{received:%Y%m%d}{n:03d}", received, unit, category, demand, person, in_town)

    def pick(self, *words: str) -> str:
        """One of these."""
        return self.random.choice(words)

    def few(self, least: int, most: int) -> int:
        """A small number."""
        return self.random.randint(least, most)

    def say(self, case: Case, *forms: str) -> str:
        """A sentence about the papers of the case and what was agreed on them."""
        papers = PAPERS.get(case.category, OTHER_PAPERS)
        return self.pick(*forms).format(a=self.pick(*papers), b=self.pick(*AGREED))

    def opening(self, case: Case) -> None:
        """交办, 受理."""
        case.then(self.few(1, 4), self.pick("交办", "交办", "转送"), f"交{case.unit}办理")
        case.then(self.few(1, 5), "受理", "已书面告知信访人", self.handlers[case.unit])

    def owned(self, case: Case) -> None:
        """交办, 受理, 包案, and a first meeting with a plan."""
        self.opening(case)
        case.leader = self.random.choice(self.leaders[case.unit])
        case.then(self.few(1, 4), self.pick("领导包案", "包案", "明确包案领导"), "明确包案领导", case.leader[0])
        self.visit(case, self.few(1, 4))
        case.then(self.few(2, 5), self.pick("制定化解方案", "方案", "一案一策"), self.say(case, *PLANS), case.leader[0])

    def visit(self, case: Case, days: int) -> None:
        """Somebody meets the person."""
        if case.leader and self.random.random() < 0.6:
            case.then(days, self.pick(*BY_LEADER), self.say(case, *MET), case.leader[0])
        else:
            case.then(days, self.pick(*BY_HANDLER), self.say(case, *MET), self.handlers[case.unit])

    def extension(self, case: Case, days: int) -> None:
        """延期, so many days after acceptance: approved by the unit's head, and the person told why."""
        accepted = next(step[0] for step in case.steps if step[1] == "受理")
        head, note = self.leaders[case.unit][0][0], "情况复杂，经单位负责人批准延长30日，已书面告知信访人理由"
        case.steps.append((working(accepted + timedelta(days)), self.pick("延期", "申请延期"), case.unit, head, note))

    def diligent(self, case: Case) -> None:
        """Open, met again and again until lately, within the 60 days or validly extended."""
        self.owned(case)
        while working(case.day + timedelta(7)) < self.today:
            days = self.few(7, 12)
            self.visit(case, days if working(case.day + timedelta(days)) < self.today else 7)
            if self.random.random() < 0.3 and working(case.day + timedelta(1)) < self.today:
                case.then(1, "会商", self.say(case, *PLANS), self.handlers[case.unit])
        if (self.today - case.received).days > 58:
            self.extension(case, 35)

    def idle(self, case: Case) -> None:
        """挂账空转: begun well, then only 继续跟进 month after month."""
        self.owned(case)
        while working(case.day + timedelta(33)) < self.today:
            case.then(
                self.few(24, 30), self.pick("备注", "继续跟进", "跟进"), self.pick(*STILL), self.handlers[case.unit]
            )
            if self.random.random() < 0.03:
                case.then(1, "重复信访", "信访人就同一事项再次来访", unit=OFFICE)

    def leaderless(self, case: Case) -> None:
        """无人包案: handed out, in part accepted and visited, and nobody owns it."""
        if self.random.random() < 0.6:
            self.opening(case)
        else:
            case.then(self.few(1, 5), "交办", f"交{case.unit}办理")
        while self.random.random() < 0.5 and case.day + timedelta(25) < self.today:
            self.visit(case, self.few(8, 20))

    def ping_pong(self, case: Case) -> None:
        """推诿退转: from unit to unit, each sends it back."""
        others = self.random.sample([unit for unit in UNITS if unit != case.unit], 3)
        for index, unit in enumerate((case.unit, *others[: self.few(1, 3)])):
            case.then(self.few(2, 6), "转送" if index else "交办", f"转{unit}办理", unit=unit)
            reason = self.pick("不属本单位职权范围", "应由属地办理", "主责单位不明", "涉及多个部门")
            case.then(self.few(3, 5), self.pick("退回", "退件", "提出异议"), f"{reason}，退回信访部门", unit=unit)

    def closed(self, case: Case) -> None:
        """办结: met, answered in time, closed, and asked afterwards."""
        self.owned(case)
        for _ in range(self.few(1, 2)):
            self.visit(case, self.few(5, 10))
        assert case.leader is not None
        outcome = self.pick("予以支持", "予以支持", "解释说明", "不予支持")
        case.then(self.few(3, 7), self.pick("答复", "出具答复意见书"), f"{outcome}，当面送达", self.handlers[case.unit])
        case.then(self.few(5, 15), self.pick("办结", "结案"), self.pick(*CLOSED[outcome]), case.leader[0])
        case.then(
            self.few(5, 20), self.pick("回访", "电话回访"), self.pick("表示满意", "基本满意", "问题已解决"), unit=OFFICE
        )

    def relapsed(self, case: Case) -> None:
        """办结反弹: closed as the others, and back within half a year."""
        self.closed(case)
        case.then(self.few(30, 140), self.pick("反弹", "办结后反弹"), "信访人再次来访，称约定事项没有落实", unit=OFFICE)
        case.then(self.few(5, 12), "备注", self.pick(*STILL), self.handlers[case.unit])
