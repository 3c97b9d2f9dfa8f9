"""The command replay: the rules over supervision's log, read only, on all cores, whether the node runs or not."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy import printing
from deploy.beforehand import check_logs
from deploy.node import Node
from deploy.processes import ProcessError
from services.supervision.domain.policies import POLICIES
from services.supervision.domain.sweeps import SWEEPS
from services.supervision.edition import edition
from services.supervision.replay import (
    Placed,
    Scene,
    Tally,
    Window,
    adopted,
    editions,
    imagined,
    imagined_of_unit,
    repeated,
    sweeps,
)
from services.supervision.rules import TABLES
from services.supervision.shelves import Shelves
from shared.crew import crew
from shared.events import read
from shared.events.histories import kind_of
from shared.events.intake import UNITS
from shared.policy import PolicyError
from shared.policy.reading import parsed
from shared.standard import HOLIDAYS, Standard
from shared.store.archive import Archive, History, NoLog, open_archive
from shared.workdays import DAY, start_of

EQUAL, DIFFERS = 0, 5
EVENTS_AT_ONCE = 2_000
"""About how many facts a process takes up at a time."""
SHOWN = 200
"""How many differences are shown one by one. All are counted."""
OTHER = "--policy"
"""What errors call the file of the other policy."""
ALWAYS = Window(datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))

Range = tuple[str, str, int]
"""Histories to be read together, as (first id, last id, events)."""


@dataclass(frozen=True)
class Asked:
    """What is replayed: it travels to each process."""

    folder: Path
    dsn: str | None
    texts: Mapping[str, str]
    """The policy folder of the node, for a log that does not say what was gone by."""
    window: Window = ALWAYS
    policy: str | None = None
    """The text of the policy to go by instead."""
    through: int | None = None
    """The last position to read."""


class Replay:
    """What one process needs to replay histories. Raises NoLog, PolicyError."""

    def __init__(self, asked: Asked) -> None:
        self.window = asked.window
        self.archive = open_archive("supervision", asked.folder, asked.dsn, asked.through)
        try:
            files = list(adopted(_placed(self.archive, POLICIES))) or [(0, dict(asked.texts))]
            units = (history for history in self.archive.histories("unit", "unitz") if history[0].startswith(UNITS))
            self.scene = Scene(
                [(position, Standard.of(texts, TABLES, of_the_past=texts)) for position, texts in files],
                sweeps(_placed(self.archive, SWEEPS)),
                sorted((placed for _, events in units for placed in _read(events)), key=lambda placed: placed.position),
            )
            self.other = None
            if asked.policy is not None:
                now = files[-1][1]
                self.other = Standard.of(_with(now, asked.policy), TABLES, of_the_past=now)
                self.other.policy_on(date.max)  # without one for every day it ends here, and not in the midst of it
        except BaseException:  # a policy that is none, say
            self.archive.close()
            raise

    def take(self, bounds: Range) -> tuple[int, Tally]:
        """Replay a range of histories. Answers how many events it holds, and what came of them."""
        first, last, events = bounds
        tally = Tally()
        for history in self.archive.histories(first, last):
            self._take(history, tally)
        return events, tally

    def _take(self, history: History, tally: Tally) -> None:
        name, kind = history[0], kind_of(history[0])
        if kind not in ("case", "book") and (kind != "campaign" or self.other is not None):
            return  # no policy says anything of a campaign
        events, shelves = list(_read(history[1])), Shelves(self.archive, self.scene)
        written = shelves.written(name) if kind == "book" else ()
        if self.other is None:
            done = repeated(self.scene, name, events, self.window, shelves.at, written)
        elif kind == "book":
            done = imagined_of_unit(self.scene, self.other, name, events, self.window, written, shelves.by)
        else:
            done = imagined(self.scene, self.other, name, events, self.window)
        tally.take(name, len(events), done, SHOWN, to_the_byte=self.other is None)


def replay(asked: Asked, processes: int, progress: Callable[[int, int], None] = lambda _done, _of: None) -> Tally:
    """Replay everything. `progress` is told how many events are done, of how many. Raises NoLog, PolicyError."""
    total, done = Tally(), 0
    with Replay(asked).archive as archive:  # what is wrong with the policies is told here, and once
        asked = replace(asked, through=archive.through)
        total.editions = editions(_placed(archive, POLICIES))
        work = list(archive.ranges(EVENTS_AT_ONCE))
    of = sum(events for _, _, events in work)
    with _workers(asked, min(processes, len(work))) as take:
        for events, tally in take(work):
            total.add(tally, SHOWN)
            done += events
            progress(done, of)
    return total


@contextmanager
def _workers(asked: Asked, processes: int) -> Iterator[Callable[[list[Range]], Iterator[tuple[int, Tally]]]]:
    """This process alone; or several of their own, which are started afresh and share nothing."""
    if processes < 2:
        here = Replay(asked)
        with here.archive:
            yield partial(map, here.take)
    else:
        with crew(processes, _begin, asked) as hands:
            yield partial(hands.map, _take)


_own: list[Replay] = []


def _begin(asked: Asked) -> None:
    _own.append(Replay(asked))


def _take(bounds: Range) -> tuple[int, Tally]:
    return _own[0].take(bounds)


def _with(files: Mapping[str, str], policy: str) -> dict[str, str]:
    """The files with another policy, which takes the place of one of its version. It may be laid over one of them."""
    version = parsed(policy, OTHER).get("version")
    kept = {name: text for name, text in files.items() if name == HOLIDAYS or parsed(text, name)["version"] != version}
    return kept | {OTHER: policy}


def _read(events: list[tuple[int, bytes]]) -> Iterator[Placed]:
    return (Placed(position, read(raw)) for position, raw in events)


def _placed(archive: Archive, name: str) -> Iterator[Placed]:
    return _read(archive.history(name))


def replay_node(node: Node, since: date | None, until: date | None, policy: Path | None, *, as_json: bool) -> int:
    """Replay what a node holds and print what came of it. `until` is the last day. Answers the exit code. Raises ProcessError."""
    if node.region is None:
        raise ProcessError(f"{node.data} 不是数据目录", f"{node.data} is no data folder")
    if since and until and since > until:
        raise ProcessError(
            f"--from {since} 在 --to {until} 之后，请对调", f"--from {since} lies after --to {until}: swap them"
        )
    check_logs(settings := node.settings(node.region, ""))
    window = Window(start_of(since) if since else ALWAYS.since, start_of(until + DAY) if until else ALWAYS.until)
    try:
        text = policy.read_text("utf-8") if policy else None
    except (OSError, UnicodeDecodeError) as error:
        raise ProcessError(f"无法读取 {policy}：{error}", f"{policy} cannot be read: {error}") from error
    try:
        asked = Asked(settings.data, settings.dsn, settings.policy_texts(), window, text)
        with _progress("复盘 replaying", quiet=as_json) as progress:
            tally = replay(asked, os.cpu_count() or 1, progress)
    except PolicyError as error:
        raise ProcessError(error.zh, error.en) from error
    except BrokenProcessPool as error:
        raise ProcessError("复盘的进程被中止，可能内存不足", "a process was killed; perhaps memory ran out") from error
    except sqlite3.Error as error:  # a page that is damaged; a folder that may only be read
        raise ProcessError(
            f"督查案卷无法读取（{error}）；磁盘须可写，已损坏的请从备份取回，随后先执行 ./huajie restored",
            f"the log of supervision cannot be read ({error}): its disk has to be writable; where it is damaged, put it back from"
            " a backup, then run ./huajie restored first",
        ) from error
    except NoLog as error:
        raise ProcessError(f"没有督查案卷：{error}", f"there is no log of supervision: {error}") from error
    said = as_said(tally, since, until, policy)
    printing.as_json(said) if as_json else show(said)
    return DIFFERS if policy is None and tally.differences else EQUAL


def as_said(tally: Tally, since: date | None, until: date | None, policy: Path | None) -> dict[str, Any]:
    """What came of it, as `--json` prints it: the same for the same log, however many processes read it."""
    counted = sorted(tally.differences.items())
    return {
        "from": since and since.isoformat(),
        "to": until and until.isoformat(),
        "policy": policy and str(policy),
        "equal": not counted,
        "histories": tally.histories,
        "facts": tally.facts,
        "judged": tally.judged,
        "moot": tally.moot,
        "issued": dict(sorted(tally.issued.items())),
        "found": dict(sorted(tally.found.items())),
        "differences": [
            {"unit": unit, "fact": fact, "kind": kind, "count": count} for (unit, fact, kind), count in counted
        ],
        "shown": [asdict(difference) for difference in tally.shown],
        "left_off": tally.differences.total() - len(tally.shown),
        "other_editions": [one for one in tally.editions if one != edition()],
    }


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error for long work: call what is given with how much is done, of how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=printing.err, disable=quiet, transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, of: bars.update(task, completed=done, total=of)


UNNAMED = "未载 unnamed"
KINDS = {"new": "新发现", "gone": "不再发现", "earlier": "提前", "later": "推后", "otherwise": "内容不同"}


def show(said: Mapping[str, Any]) -> None:
    """What a replay came to, beside what was said."""
    words = sorted({*said["issued"], *said["found"]})
    rows = [(word, said["issued"].get(word, 0), said["found"].get(word, 0)) for word in words]
    printing.table(
        f"复盘 / replayed: {said['policy'] or '当时口径 as issued'}", ("事实", "当时 said", "现在 now"), rows
    )
    if said["differences"]:
        listed = [(row["unit"], row["fact"], KINDS[row["kind"]], row["count"]) for row in said["differences"]]
        printing.table("差异 / differences", ("单位 unit", "事实 fact", "差异 how", "件数"), listed)
        printing.line(("逐条 / one by one", "bold"))
        for one in said["shown"]:
            days = f"当时 said {one['said_on'] or '—'}，现在 now {one['said_now'] or '—'}"
            about = " ".join(filter(None, (one["fact"], one["about"])))
            printing.line(f"{KINDS[one['kind']]}  {one['case_id']}  {one['unit'] or '—'}  {about}  {days}")
    if said["differences"] and said["other_editions"]:
        printing.line(
            ("另一版化解评查过，差异可能由此而来 / another edition of huajie has judged, and may be why: ", "dim"),
            ("、".join(one or UNNAMED for one in said["other_editions"]), "dim"),
        )
    left = f"，另有 {said['left_off']} 条未列 / {said['left_off']} more" if said["left_off"] else ""
    verdict = "一致 equal" if said["equal"] else "不一致 differs"
    if not said["judged"]:
        verdict = "这段时间没有评查过，无可对照 / nothing was judged in that time: there is nothing to compare"
    printing.out.print(
        f"案卷 histories {said['histories']}，事实 facts {said['facts']}，评查 judged {said['judged']}，"
        f"不再适用 moot {said['moot']}：{verdict}{left}"
    )
