"""A case for every command, in which it can be obeyed: what the commands' own tests give is laid down before."""

from shared.http.commands import kebab
from shared.identity import UNIT_BOUND
from tests.house import House
from tests.sample import TOWN
from tests.system.test_year_in_a_county import SERVICE, Life, Step, body_of, lives, role_of


def laid_out(it: House) -> dict[str, str]:
    """Lay them down in a running house. Answers the case of each operation."""
    known: dict[str, str] = {}
    wanted = [life for life in lives() if life.steps[-1].refused is None]
    for n, life in enumerate(wanted):
        it.give(f"/intake/cases/{life.case_id}/register-case", body_of(life.opening, n))
        last = life.steps[-1].command
        known.setdefault(f"{SERVICE[last]}-{kebab(last)}", life.case_id)
    it.settle()
    for service in ("intake", "casework"):
        for life in wanted:
            for step in life.steps[:-1]:
                if SERVICE[step.command] == service:
                    _take(it, life, step)
        it.settle()
    return known


def _take(it: House, life: Life, step: Step) -> None:
    role = role_of(step.command)
    path = f"/{SERVICE[step.command]}/cases/{life.case_id}/{kebab(step.command)}"
    it.give(path, step.body, role, unit=TOWN if role in UNIT_BOUND else None)
