"""A process that runs out of disk: how many commands were answered, what the refusal says, and whether it recovers."""

import asyncio
import resource
import signal
import sys
from pathlib import Path

from shared.store import SQLiteLog, Unavailable
from tests.petitions import Link, asking, opened, said

ROOM = 400_000


async def main(path: Path) -> None:
    """Fill the disk with single commands and groups of them, then make room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log, answered = SQLiteLog(path), 0
    refusals: set[str] = set()
    much = Link(petitions=tuple(f"petition-{n}" for n in range(400)))
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with opened(log) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, most))
        while not refusals:
            commands = (
                store.handle("case-1", Link(petitions=(f"petition-{answered}-{n}",)), asking()) for n in range(5)
            )
            for result in await asyncio.gather(*commands, return_exceptions=True):
                if isinstance(result, Unavailable):
                    refusals.add(result.zh)
                elif isinstance(result, BaseException):
                    raise result
                else:
                    answered += 1
        for _ in range(3):
            try:
                await store.handle("case-1", much, asking())
            except Unavailable as refusal:
                refusals.add(refusal.zh)
            else:
                raise AssertionError("there was room after all")
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        await store.handle("case-1", much, asking())
        print(answered, refusals.pop(), "back to work", len(said(store)), sep="\n")  # noqa: T201 - its only output
    log.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
