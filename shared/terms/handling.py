"""办案: words about what is done in a case."""

from shared.terms.term import Term


class LeaderRank(Term):
    """包案领导层级: what a plan demands of whoever owns a case (seed plans D6, D10)."""

    MAIN = "main", "主要领导"
    TEAM = "team", "班子成员"
    OTHER = "other", "其他领导"


class VisitKind(Term):
    """How an official met, or went to meet, the person."""

    RECEPTION = "reception", "接访"
    GOING_DOWN = "going-down", "下访"
    HOME = "home", "走访"
    RETURN = "return", "回访"


class EvidenceKind(Term):
    """核查方式: how a fact was found out (seed plan D6: files, parties, neighbours who know; D2: 既听汇报又看卷宗)."""

    FILE = "file", "查阅卷宗"
    DOCUMENT = "document", "收集书证"
    SITE = "site", "实地查看"
    PETITIONER_HEARD = "petitioner-heard", "听取信访人意见"
    WITNESS_HEARD = "witness-heard", "知情群众参与核查"
    OFFICIAL_HEARD = "official-heard", "询问干部"


class MeetingKind(Term):
    """会商: which meeting took the case up."""

    CONSULTATION = "consultation", "集体会商会"
    COORDINATION = "coordination", "协调会"
    ANALYSIS = "analysis", "信访案例分析会"
    JOINT_MEETING = "joint-meeting", "联席会议"
    EXECUTIVE = "executive", "常务会议"


class Invited(Term):
    """Who came to a hearing from outside (seed plan D13); their posts, never their names."""

    DEPUTY = "deputy", "人大代表"
    CPPCC_MEMBER = "cppcc-member", "政协委员"
    LAWYER = "lawyer", "律师"
    EXPERT = "expert", "专家"
    NOTARY = "notary", "公证员"
    RESIDENT = "resident", "群众代表"


class OutsideView(Term):
    """第三方: who outside the handling unit looked at the matter (seed plans D6, D10)."""

    LAWYER = "lawyer", "律师参与"
    THIRD_PARTY = "third-party", "第三方评议"
    AFTER_JUDGMENT = "after-judgment", "判后答疑"
    LEGAL_AID = "legal-aid", "法律援助"


class Judgement(Term):
    """诉求甄别: what was found of one demand (信访工作条例 Art 27; seed plans D2, D3, D6)."""

    FOUNDED = "founded", "诉求合理"
    PARTLY = "partly", "部分合理"
    EXCESSIVE = "excessive", "诉求合理但要求过高"
    UNFOUNDED = "unfounded", "诉求不合理"
    HARDSHIP = "hardship", "诉求不合理但生活确有困难"


class Duty(Term):
    """三到位一处理 (信访工作条例 Art 27): what a judgement obliges to. Conduct that breaks the law is not this system's."""

    SOLVE = "solve", "解决问题到位"
    EXPLAIN = "explain", "解释疏导到位"
    HELP = "help", "帮扶救助到位"


class AgreementKind(Term):
    """调解和解 (信访工作条例 Art 33)."""

    MEDIATION = "mediation", "调解协议"
    SETTLEMENT = "settlement", "和解协议"


class FundSource(Term):
    """资金来源: the three funds that help may come from (seed plans D6, D12, D13), and what a unit pays itself."""

    CIVIL_RELIEF = "civil-relief", "民政救济"
    JUDICIAL_RELIEF = "judicial-relief", "司法救助"
    HARD_CASES = "hard-cases", "特殊疑难信访问题专项资金"
    UNIT = "unit", "责任单位自筹"


class SupportKind(Term):
    """帮扶: help beside the matter itself (seed plans D2, D6, D11). Psychological help only when wished."""

    WORK = "work", "就业帮扶"
    LIVING = "living", "生活帮扶"
    LEGAL = "legal", "法律服务"
    PSYCHOLOGICAL = "psychological", "心理疏导"


class Outcome(Term):
    """处理意见: what the written reply says (信访工作条例 Art 32)."""

    SUPPORTED = "supported", "予以支持"
    EXPLAINED = "explained", "解释说明"
    DECLINED = "declined", "不予支持"


class ServedHow(Term):
    """送达方式: how a document reached the person."""

    IN_PERSON = "in-person", "当面"
    BY_POST = "by-post", "邮寄"
    OTHER = "other", "其他"


class SuspensionGround(Term):
    """中止事由: what lets a time limit stand still."""

    HEARING = "hearing", "听证所需时间"
    COURT = "court", "诉讼未决"
    STATUTORY_ROUTE = "statutory-route", "其他法定途径办理中"
    APPRAISAL = "appraisal", "鉴定勘验"


class DocumentKind(Term):
    """文书: the papers that the plans name (seed plans D1, D6, D10, D11)."""

    CASE_FILE = "case-file", "基本案情材料"
    LEDGER = "ledger", "交办案件台账"
    ASSIGNMENT_LETTER = "assignment-letter", "交办函"
    LEADER_PAPER = "leader-paper", "确定包案领导和责任人的文件或纪要"
    PLAN = "plan", "化解方案"
    MINUTES = "minutes", "会议纪要"
    INQUIRY_REPORT = "inquiry-report", "核查报告"
    HANDLING_REPORT = "handling-report", "查办报告"
    WRITTEN_REPLY = "written-reply", "书面答复"
    RETURN_VISIT = "return-visit", "回访材料"
    FOLLOW_UP = "follow-up", "后续跟进帮扶材料"
    AGREEMENT = "agreement", "调解和解协议书"
    OTHER = "other", "其他材料"


class PaperForm(Term):
    """表册: papers of a plan that the closed list has no word for (seed plans D2, D6, D9); filed as other material."""

    STATISTICS = "statistics", "排查化解情况统计表"
    SCREENING = "screening", "排查登记表"
    SUMMARY = "summary", "工作总结"
    FILING = "filing", "备案登记册"


class WorkLine(Term):
    """四位一体: whose work a meeting brought together (seed plan D5)."""

    PETITIONS = "petitions", "信访"
    GOVERNANCE = "governance", "综治"
    MEDIATION = "mediation", "民调"
    JUSTICE = "justice", "司法"


class GoingDownPaper(Term):
    """下访材料: what is handed in after a going-down (seed plan D7)."""

    MATERIAL = "material", "下访材料"
    REPORT = "report", "下访情况书面报告"
