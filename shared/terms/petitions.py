"""登记认定交办: words about petitions and where they go."""

from shared.terms.term import Term


class Channel(Term):
    """渠道: how the matter reached the office (信访工作条例 Art 17)."""

    LETTER = "letter", "来信"
    VISIT = "visit", "来访"
    PHONE = "phone", "来电"
    ONLINE = "online", "网上"
    ASSIGNED = "assigned", "上级交办"


class Category(Term):
    """领域: what the matter is about (seed plan D6)."""

    LAND = "land", "土地征用"
    DEMOLITION = "demolition", "房屋拆迁"
    ENTERPRISE = "enterprise", "企业改制"
    LITIGATION = "litigation", "涉法涉诉"
    LABOUR = "labour", "劳动社保"
    ENVIRONMENT = "environment", "环境保护"
    EDUCATION_HEALTH = "education-health", "教育卫生"
    MILITARY = "military", "涉军优抚"
    PROPERTY = "property", "物业管理"
    RURAL = "rural", "三农"
    PERSONNEL = "personnel", "组织人事"
    OTHER = "other", "其他"


class Span(Term):
    """三跨三分离: what makes the responsibility hard to place (seed plans D3, D6, D9, D10)."""

    CROSS_REGION = "cross-region", "跨地区"
    CROSS_DEPARTMENT = "cross-department", "跨部门"
    CROSS_INDUSTRY = "cross-industry", "跨行业"
    PERSON_FROM_MATTER = "person-from-matter", "人事分离"
    PERSON_FROM_HOUSEHOLD = "person-from-household", "人户分离"
    ALL_APART = "all-apart", "人事户分离"


class Purpose(Term):
    """信访目的 (信访工作条例 Arts 29-31)."""

    SUGGESTION = "suggestion", "建议意见"
    ACCUSATION = "accusation", "检举控告"
    CLAIM = "claim", "申诉求决"


class BacklogCriterion(Term):
    """积案认定标准: the three criteria of seed plan D4."""

    OVERDUE = "overdue", "交办转送后超期未办结"
    REPEATED = "repeated", "办结后群众重复信访"
    DISSATISFIED = "dissatisfied", "对处理结果评价不满意"


class ExclusionGround(Term):
    """积案排除依据 (seed plan D4)."""

    LITIGATION = "litigation", "涉法涉诉"
    ENDED = "ended", "已复查复核并备案终结"


class Route(Term):
    """办理途径 (信访工作条例 Art 31): the petition procedure, or one of five statutory routes."""

    PETITION = "petition", "信访程序"
    LITIGATION = "litigation", "诉讼等政法途径"
    ARBITRATION = "arbitration", "仲裁"
    PARTY_APPEAL = "party-appeal", "党员申诉、申请复审"
    ADMINISTRATIVE = "administrative", "行政复议、裁决、确认、许可、处罚"
    PERFORMANCE = "performance", "依法履行查处等职责"


class RefusalGround(Term):
    """不予受理依据 (信访工作条例 Arts 19, 22, 36)."""

    ENDED = "ended", "复核意见作出后以同一事实和理由再次提出"
    IN_HAND = "in-hand", "下级正在法定期限内办理"
    STATUTORY = "statutory", "应通过其他法定途径处理"


class DispatchKind(Term):
    """交办 wants the result back by a date, 转送 does not (信访工作条例 Art 22)."""

    ASSIGN = "assign", "交办"
    FORWARD = "forward", "转送"


class JurisdictionGround(Term):
    """管辖依据 (seed plan D9; 信访工作条例 Art 24)."""

    PLACE_OF_EVENT = "place-of-event", "事发地为主"
    HOUSEHOLD = "household", "户籍地常住地为辅"
    COMPETENCE = "competence", "谁主管谁负责"
    SUCCESSOR = "successor", "职权承继单位"


class Ruler(Term):
    """Who rules whose a case is (信访工作条例 Art 24)."""

    COMMON_SUPERIOR = "common-superior", "共同的上一级机关"
    JOINT_MEETING = "joint-meeting", "信访工作联席会议"


class NoticeExemption(Term):
    """免予告知 (信访工作条例 Art 23)."""

    UNKNOWN_ADDRESS = "unknown-address", "姓名（名称）、住址不清"
