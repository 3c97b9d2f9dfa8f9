"""The command verify: whether the logs still hold what was said. Read only, whether the node runs or not.

Each history of each log is chained (`prevhash`), and what a service took in from another is, byte for byte, what that one holds. So
whoever changes a fact, takes one out or writes a history anew has to do so in every log. What nobody else took in has no such
witness: what supervision said last in a history (docs/adr/0015).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from deploy import printing
from deploy.beforehand import check_logs
from deploy.node import Node
from deploy.processes import ProcessError
from shared.events import Recorded, Unreadable, read
from shared.events.chain import BrokenChain, verify_chain
from shared.store.archive import Archive, History, NoLog, open_archive

SPEAKERS = ("intake", "casework", "supervision")
"""The services that keep a log."""
HEARS_ALL = "supervision"
"""Who takes in every fact of every case: one that is missing there, and not the newest, was taken out."""
WHOLE, DIFFERS = 0, 5
AT_ONCE = 2_000
"""About how many facts are looked at together."""
EVER = 2**62
"""What is held against another log may have been said after that one was opened."""
SHOWN = 100


class Fault(NamedTuple):
    """What is not as it was said: in which log and history, and how."""

    service: str
    history: str
    zh: str
    en: str


@dataclass
class Verified:
    """What was looked at, and what is wrong with it."""

    histories: int = 0
    facts: int = 0
    copies: int = 0
    """Facts that were taken in from another service, and held against what that one holds."""
    faults: list[Fault] = field(default_factory=list)


def verify(folder: Path, dsn: str | None) -> Verified:
    """Look through all logs. Raises NoLog."""
    found = Verified()
    with ExitStack() as stack:
        logs = {name: stack.enter_context(open_archive(name, folder, dsn)) for name in SPEAKERS}
        said = {name: stack.enter_context(open_archive(name, folder, dsn, EVER)) for name in SPEAKERS}
        for service, log in logs.items():
            for first, last, _ in log.ranges(AT_ONCE):
                _look(service, log.histories(first, last), said, found)
    return found


def _look(service: str, histories: Iterator[History], said: Mapping[str, Archive], found: Verified) -> None:
    heard: dict[str, dict[str, list[Recorded]]] = defaultdict(lambda: defaultdict(list))
    for name, events in histories:
        found.histories += 1
        found.facts += len(events)
        own: list[bytes] = []
        for position, raw in events:
            try:
                recorded = read(raw)
            except Unreadable as error:
                zh, en = (
                    f"位置 {position} 的文档不可读（{error}）",
                    f"the document at {position} cannot be read ({error})",
                )
                found.faults.append(Fault(service, name, zh, en))
                continue
            if recorded.case_id != name or recorded.service not in SPEAKERS:
                zh, en = (
                    f"位置 {position} 的 {recorded.id} 不属于这里",
                    f"{recorded.id} at {position} does not belong here",
                )
                found.faults.append(Fault(service, name, zh, en))
            elif recorded.service == service:
                own.append(raw)
            else:
                heard[recorded.service][name].append(recorded)
        try:
            verify_chain(own)
        except BrokenChain as broken:
            which, which_en = (
                f"第 {broken.index + 1} 份文档（{broken.what}）",
                f"document {broken.index + 1} ({broken.what})",
            )
            found.faults.append(Fault(service, name, f"{which}{broken.zh}", f"{which_en} {broken.en}"))
        except Unreadable:
            continue  # told above
    for speaker, by_history in heard.items():
        for name, events in said[speaker].several(list(by_history)):
            _compare(service, speaker, name, by_history.pop(name), [raw for _, raw in events], found)
        for name, copies in by_history.items():
            _compare(service, speaker, name, copies, [], found)


def _compare(
    service: str, speaker: str, name: str, copies: list[Recorded], originals: list[bytes], found: Verified
) -> None:
    """What a service took in of a history, beside what the speaker holds of it."""
    found.copies += len(copies)
    there = set(originals)
    for copy in copies:
        if copy.raw not in there:
            zh = f"{copy.id} 与 {speaker} 所存不符：两处之一被改动，或在 {speaker} 被抽走"
            en = f"{copy.id} is not what {speaker} holds: one of the two was changed, or it was taken out there"
            found.faults.append(Fault(service, name, zh, en))
    if service != HEARS_ALL:
        return
    held, newest = {copy.id for copy in copies}, max(copy.version for copy in copies)
    for raw in there - {copy.raw for copy in copies}:
        try:
            recorded = read(raw)
        except Unreadable:
            continue  # told of its own log
        if recorded.service == speaker and recorded.version < newest and recorded.id not in held:
            zh, en = f"缺 {recorded.id}：在此被抽走", f"{recorded.id} is missing: it was taken out here"
            found.faults.append(Fault(service, name, zh, en))


def verify_node(node: Node, *, as_json: bool) -> int:
    """Look through the logs of a node and print what is wrong with them. Answers the exit code. Raises ProcessError."""
    if node.region is None:
        raise ProcessError(f"{node.data} 不是数据目录", f"{node.data} is no data folder")
    check_logs(settings := node.settings(node.region, ""))
    try:
        found = verify(settings.data, settings.dsn)
    except NoLog as error:
        raise ProcessError(f"没有案卷：{error}", f"there is no log: {error}") from error
    faults = sorted(found.faults)
    if as_json:
        shown = [fault._asdict() for fault in faults]
        counted = {"histories": found.histories, "facts": found.facts, "copies": found.copies}
        printing.as_json({"whole": not faults, **counted, "faults": shown})
    else:
        for fault in faults[:SHOWN]:
            printing.line((f"{fault.service}  {fault.history}", "bold"))
            printing.line(f"    {fault.zh} / {fault.en}")
        more = f"，另有 {len(faults) - SHOWN} 处未列 / more" if len(faults) > SHOWN else ""
        verdict = f"{len(faults)} 处不符 faults{more}" if faults else "相符 whole"
        printing.out.print(
            f"案卷 histories {found.histories}，事实 facts {found.facts}，互证 copies {found.copies}：{verdict}"
        )
    return DIFFERS if faults else WHOLE
