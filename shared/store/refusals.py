"""Why the store may refuse before, or instead of, deciding. Each says in both languages what to do."""

import re

from shared.events.histories import NAMES

NO_ROOM = "disk is full|No space left"
"""What SQLite and PostgreSQL say of a full disk."""


def cure(cause: Exception) -> tuple[str, str]:
    """What helps when a database cannot be used, in both languages."""
    full = re.search(NO_ROOM, str(cause))
    return (
        ("请腾出磁盘空间后重试", "make room on the disk, then try again") if full else ("请稍后重试", "try again later")
    )


class Refused(Exception):
    """Nothing has changed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class Forbidden(Refused):
    """The actor's role, unit or region does not reach this command on this case."""


class Outside(Forbidden):
    """It is of another unit or region; `about` is the kind of history, as `shared.events.histories` tells them apart."""

    def __init__(self, about: str = "case") -> None:
        zh, en = NAMES[about]
        super().__init__(f"该{zh}不在您的单位或地区范围内。", f"This {en} lies outside your unit or region.")


class Stale(Refused):
    """The case has moved on since the caller read it."""

    def __init__(self, seen: int, current: int) -> None:
        super().__init__(
            f"案件已更新到版本 {current}，您看到的是 {seen}。请重新读取后再提交。",
            f"The case is at version {current}, you have seen {seen}. Read it again first.",
        )
        self.current = current


class KeyReused(Refused):
    """An idempotency key came again with another command."""

    def __init__(self) -> None:
        super().__init__(
            "该 Idempotency-Key 已用于另一个命令，请换一个。",
            "This Idempotency-Key was used for another command; take a new one.",
        )


class Conflict(Refused):
    """Other processes kept winning the race for this case."""

    def __init__(self) -> None:
        super().__init__(
            "该案件正被其他人同时修改，请稍后重试。", "Others are changing this case right now; try again."
        )


class Unavailable(Refused):
    """The log cannot be written or read now. Nothing has changed."""

    def __init__(self, cause: Exception) -> None:
        zh, en = cure(cause)
        super().__init__(
            f"暂时无法读写案卷（{cause}）。没有任何改动，{zh}。",
            f"The log cannot be used now ({cause}). Nothing has changed; {en}.",
        )


class Uncertain(Unavailable):
    """The log was lost in the middle of a commit: whether the command was obeyed shows when the log is back."""

    def __init__(self, cause: Exception) -> None:
        Refused.__init__(
            self,
            f"写入案卷时连接中断（{cause}），暂时无法确认是否已保存。请稍后用同一 Idempotency-Key 重新提交，不会重复。",
            f"The log was lost while writing ({cause}); whether it was saved cannot be told yet. Send the same command with"
            " the same Idempotency-Key again later: nothing happens twice.",
        )
