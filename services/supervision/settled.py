"""刚评查的案: the answers of the case that was judged last, so that it is not judged twice over. Pure but for that memory."""

from collections.abc import Mapping
from datetime import date

from services.supervision.dossier import Dossier
from services.supervision.rules import Verdict
from shared.standard import Standard


class Settled:
    """The case that was judged last, as it stands when what follows is said: whoever judged it asks next when to ask again,
    and in a sweep most cases would be judged twice for that. It is answered once.
    """

    def __init__(self) -> None:
        self._last: tuple[Standard, Dossier, date, Mapping[str, Verdict]] | None = None

    def keep(self, standard: Standard, after: Dossier, today: date, answers: Mapping[str, Verdict]) -> None:
        """Remember the answers about a case, as it stands when all has been said."""
        self._last = standard, after, today, answers

    def answers(self, standard: Standard, dossier: Dossier, today: date) -> Mapping[str, Verdict] | None:
        """The answers, if it is this dossier: the very facts, and as many words."""
        last, self._last = self._last, None
        match last:
            case (its, after, on, answers) if (
                its is standard
                and after.facts is dossier.facts
                and after.words.spoken == dossier.words.spoken
                and on == today
            ):
                return answers
            case _:
                return None
