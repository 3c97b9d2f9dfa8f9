"""A campaign from its opening to its acceptance, with a report that is filed and a register that is published."""

from services.supervision.domain.campaigns import (
    AcceptCampaign,
    OpenCampaign,
    PhasePlanned,
    ReportPlanned,
    TargetSet,
)
from services.supervision.domain.filings import FigureGiven, FileReport
from services.supervision.domain.registers import LineGiven, PublishRegister
from shared.decider import Command
from shared.events.supervision import (
    CampaignOpened,
    DueReport,
    Phase,
    PublicLine,
    RegisterPublished,
    Target,
)
from shared.terms import (
    CaseState,
    Measure,
)
from tests.sample import OTHER, TOWN, day
from tests.supervision.account import QIAN, ZHAO

OPENED = CampaignOpened(
    name="积案化解攻坚",
    basis="县委办〔2026〕3 号",
    region="610499",
    units=(TOWN, OTHER),
    phases=(
        Phase(name="认定交办", starts_on=day("2026-10-01"), ends_on=day("2026-10-31")),
        Phase(name="处理化解", starts_on=day("2026-11-01"), ends_on=day("2026-12-10")),
    ),
    targets=(Target(measure=Measure.RESOLVED, percent=90),),
    reports=(
        DueReport(report="2026-10", what="月报", due_on=day("2026-10-20")),
        DueReport(report="2026-11", what="月报", due_on=day("2026-11-19")),
    ),
    ends_on=day("2026-12-20"),
    opened_on=day("2026-09-28"),
    by=QIAN,
)
OPEN = OpenCampaign(
    **OPENED.model_dump(exclude={"phases", "targets", "reports"}),
    phases=tuple(PhasePlanned(**phase.model_dump()) for phase in OPENED.phases),
    targets=tuple(TargetSet(**target.model_dump()) for target in OPENED.targets),
    reports=tuple(ReportPlanned(**report.model_dump()) for report in OPENED.reports),
)
FILE = FileReport(
    report="2026-11",
    unit=TOWN,
    filed_on=day("2026-11-18"),
    text="化解 3 件",
    figures=(FigureGiven(measure=Measure.RESOLVED, cases=3, total=5),),
)
ACCEPT = AcceptCampaign(accepted_on=day("2026-11-20"), by=QIAN, conclusion="化解九成", open_cases=("case-9",))
PUBLISHED = RegisterPublished(
    document="柳政备〔2026〕4 号",
    where="镇政务公开栏",
    lines=(
        PublicLine(number="HY-1", unit=TOWN, leader="李某 副镇长", state=CaseState.HANDLING, due_on=day("2026-12-10")),
    ),
    published_on=day("2026-11-05"),
    by=ZHAO,
)
PUBLISH = PublishRegister(
    **PUBLISHED.model_dump(exclude={"lines"}), lines=tuple(LineGiven(**line.model_dump()) for line in PUBLISHED.lines)
)
ABOUT_CAMPAIGNS: tuple[Command, ...] = (OPEN, FILE, PUBLISH, ACCEPT)
