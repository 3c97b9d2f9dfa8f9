"""A report of retaliation, and what becomes of it."""

from services.supervision.domain.retaliation import DismissRetaliation, ReferRetaliation, ReportRetaliation
from shared.decider import Command
from shared.events.supervision import (
    RetaliationDismissed,
    RetaliationReferred,
    RetaliationReported,
)
from shared.terms import (
    Body,
    Channel,
    RetaliationGround,
)
from tests.sample import day
from tests.supervision.account import ZHAO

REPORTED = RetaliationReported(
    region="610499", channel=Channel.VISIT, received_on=day("2026-11-10"), document="密〔2026〕3 号", by=ZHAO
)
REFERRED = RetaliationReferred(
    referred_on=day("2026-11-12"), to=Body.SUPERVISORY_ORGAN, document="密〔2026〕4 号", by=ZHAO
)
DISMISSED = RetaliationDismissed(
    dismissed_on=day("2026-11-12"), ground=RetaliationGround.NOT_SO, document="密〔2026〕5 号", by=ZHAO
)
REPORT_IT = ReportRetaliation(**REPORTED.model_dump())
REFER_IT = ReferRetaliation(**REFERRED.model_dump())
DISMISS_IT = DismissRetaliation(**DISMISSED.model_dump())
ABOUT_RETALIATION: tuple[Command, ...] = (REPORT_IT, REFER_IT, DISMISS_IT)
