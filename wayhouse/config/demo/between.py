"""What Cass and Max write to each other in the demonstration. All of it is invented."""

from datetime import time

from django.db import transaction

from wayhouse.config.demo.cast import Cast
from wayhouse.crypto.keyring import use
from wayhouse.mentoring import asking, writing
from wayhouse.mentoring.models import MOST_PAIRS, Letter, Pair
from wayhouse.mentoring.offering import keep_hours
from wayhouse.notices.hours import Hours

_SAID = (
    ("cass", "Hello Max. I was at the job centre, and did not know what to say about the three years."),
    ("max", "I had five. I wrote “family reasons” first, and told it properly when somebody asked kindly."),
    ("cass", "That helps. I will try that sentence on Thursday."),
)


_ASKED = "How did you tell the children why we moved?"
_ANSWERED = "In one sentence, and the same one each time. They asked again when they were ready for more."


def ask_without_names(cast: Cast) -> None:
    """Cass asks something without a name, and Max answers; neither of them can know."""
    cass, mentor = cast.accounts["cass"], cast.accounts["max"]
    with use(cast.keyring("cass")):
        question = asking.ask_question(_ASKED, actor=cass)
    with use(cast.keyring("max")):
        asking.answer_question(question, _ANSWERED, actor=mentor)


def write_between(cast: Cast) -> None:
    """Max reads on two evenings a week and answers questions; Cass writes with Max."""
    cass, mentor = cast.accounts["cass"], cast.accounts["max"]
    hours = Hours(time(18), time(20), (1, 3), "Europe/Berlin")
    keep_hours(hours, takes=MOST_PAIRS, answers=True, actor=mentor)
    with transaction.atomic(), use(cast.keyring("cass")):
        # Whichever group the rota brought Max to: the two agreed on it.
        pair = writing.open_pair(cass, mentor, {cass.pk: "Cass", mentor.pk: "Max"})
    Pair.objects.filter(pk=pair.pk).update(quiet_weeks=2)
    for who, text in _SAID:
        with use(cast.keyring(who)):
            writing.write_letter(pair, text, actor=cast.accounts[who])
    # All but the last were read in office hours that have passed.
    last = Letter.objects.filter(pair=pair).latest("number")
    Letter.objects.filter(pair=pair).exclude(pk=last.pk).update(waits_until=None)
