"""A log as IEEE 1849 XES. It is read as it comes; a document type, and with it every entity of its own, is refused."""

from collections.abc import Iterator, Sequence
from xml.parsers import expat

from services.intake.eventlog.files import CHUNK, Event, LogFile
from services.intake.ledger.entries import LedgerUnreadable

ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
OF_TRACE = "case:"
"""Goes before the key of a trace's attribute, as where traces are written as a table."""


def xes_events(file: LogFile, wanted: Sequence[str]) -> Iterator[Event]:
    """The events, in the order of the file; `place` is the line on which the event begins.

    Raises LedgerUnreadable for what is not well-formed, no XES, or declares a document type (a small file of nested
    entities would else unfold to gigabytes).
    """
    reader = _Reader(file.path.name, frozenset(wanted))
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")  # the text is ours to decode, whatever it declares
    parser.StartElementHandler = lambda tag, attributes: reader.begin(tag, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    with file.text() as text:
        try:
            while part := text.read(CHUNK):
                parser.Parse(part.encode(), False)
                yield from reader.taken()
            parser.Parse(b"", True)
        except expat.ExpatError as broken:
            raise LedgerUnreadable(
                f"{file.path.name} 第 {broken.lineno} 行不是完好的 XML（{broken}），请重新导出。",
                f"{file.path.name}, line {broken.lineno}, is not well-formed XML ({broken}): export it again.",
            ) from broken
        yield from reader.taken()


class _Reader:
    """Keeps the attributes of the trace and of the event that are being read, and nothing else."""

    def __init__(self, name: str, wanted: frozenset[str]) -> None:
        self._name, self._wanted = name, wanted
        self._path: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._line = 0
        self._found: list[Event] = []

    def taken(self) -> list[Event]:
        """The events that were finished since the last time."""
        found, self._found = self._found, []
        return found

    def begin(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """An element opens. What describes an attribute further (nested in it) is passed over."""
        tag = tag.rpartition(" ")[2]
        if not self._path and tag != "log":
            raise self._unreadable(f"根元素是 {tag}，应为 log", f"its root is {tag}, not log")
        match self._path:
            case ["log"] if tag == "trace":
                self._trace = {}
            case ["log"] | ["log", "trace"] if tag == "event":
                self._event, self._line = {}, line
            case ["log", "trace"] if tag in ATTRIBUTES:
                self._keep(self._trace, OF_TRACE, attributes)
            case ["log", "event"] | ["log", "trace", "event"] if tag in ATTRIBUTES:
                self._keep(self._event, "", attributes)
        self._path.append(tag)

    def end(self, _tag: str) -> None:
        """An element closes."""
        match self._path:
            case ["log", "trace", "event"]:
                self._found.append(Event(self._line, self._trace | self._event))
            case ["log", "event"]:  # an event of no trace is an event of no case
                self._found.append(Event(self._line, self._event))
        self._path.pop()

    def refuse_doctype(self, *_: object) -> None:
        """XES has no document type."""
        raise self._unreadable(
            "含有 DOCTYPE（文档类型、实体声明），XES 不需要，为安全起见不予读取",
            "it declares a DOCTYPE, which XES has no need of and which may hide a bomb",
        )

    def _keep(self, into: dict[str, str], prefix: str, attributes: dict[str, str]) -> None:
        name = prefix + attributes.get("key", "")
        if name in self._wanted:
            into[name] = attributes.get("value", "").strip()

    def _unreadable(self, zh: str, en: str) -> LedgerUnreadable:
        return LedgerUnreadable(
            f"{self._name} 不是可读的 XES：{zh}。", f"{self._name} is no XES that can be read: {en}."
        )
