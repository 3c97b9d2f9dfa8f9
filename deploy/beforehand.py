"""What is looked at before a node starts: what is wrong is told in a sentence, and nothing has been started."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from deploy.node import SERVICES
from deploy.processes import ProcessError
from shared.policy import PolicyError
from shared.settings import Settings
from shared.standard import Standard

ANSWER_SECONDS = 10
"""How long PostgreSQL may take to let us in."""


def check_policies(settings: Settings) -> None:
    """Read the policies as supervision will. Raises ProcessError with file and line."""
    from services.supervision.rules import TABLES  # only who starts the services needs the rules

    try:
        Standard.of(settings.policy_texts(), TABLES)
    except PolicyError as error:
        raise ProcessError(error.zh, error.en) from error
    except UnicodeDecodeError as error:
        raise ProcessError(
            f"{settings.policies} 里的口径文件须是 UTF-8：{error}",
            f"the policies in {settings.policies} have to be UTF-8: {error}",
        ) from error


def check_logs(settings: Settings) -> None:
    """Open what the services will keep their logs, rows and petitioners in. Raises ProcessError, OSError.

    A file is opened, not read through: a page that is damaged further in shows when it is read.
    """
    if settings.dsn is not None:
        _reach(settings.dsn)
        return
    for name in (*SERVICES, "vault"):
        if (file := settings.data / f"{name}.db").exists():
            _open(file)


def _open(file: Path) -> None:
    file.open("rb").close()  # whoever may not is told so by the system
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return  # still held by a process that is ending: the services wait for that
    except sqlite3.DatabaseError as error:
        if file.stem == "reporting":
            zh, en = "移走它，随后会由已发布的事实重新生成", "move it away, and it is made anew from what was published"
        else:
            zh = "请从备份取回，随后先执行 ./huajie restored"
            en = "put it back from a backup, then run ./huajie restored first"
        raise ProcessError(f"{file} 无法打开（{error}）；{zh}", f"{file} cannot be opened ({error}): {en}") from error


def _reach(dsn: str) -> None:
    import psycopg  # only who keeps the logs there waits for it to load

    try:
        psycopg.connect(dsn, connect_timeout=ANSWER_SECONDS).close()
    except psycopg.ProgrammingError as error:
        raise ProcessError(  # without its words, in which a password may stand
            "HUAJIE_DSN 不是 PostgreSQL 连接串，应如 postgresql://用户@主机/数据库",
            "HUAJIE_DSN is no PostgreSQL DSN: it should be like postgresql://user@host/database",
        ) from error
    except psycopg.OperationalError as error:
        why = str(error).strip()
        raise ProcessError(
            f"无法连接 HUAJIE_DSN 所指的 PostgreSQL；请启动它，或改正 HUAJIE_DSN：{why}",
            f"PostgreSQL, as HUAJIE_DSN names it, does not let us in; start it, or correct HUAJIE_DSN: {why}",
        ) from error
