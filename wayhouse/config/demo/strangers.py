"""People without a name who wrote to the demonstration. All of it is invented."""

from wayhouse.arrivals import answering, welcoming, writing
from wayhouse.arrivals.models import Contact, Step, Voice
from wayhouse.arrivals.orienting import take_step
from wayhouse.people.models import Person

_FIRST, _NEAR = Contact.Kind.FIRST, Contact.Kind.NEAR
# Kind, words, language of the page, and the answer, if there is one yet.
NOTES = (
    (_FIRST, "I have been out for three months and I am awake every night. Do I have to say my name?", "en", ""),
    (_FIRST, "Ich weiß nicht, ob ich hier richtig bin. Kann ich mir das einmal ansehen?", "de",
     "Ja. Du musst nichts entscheiden. Hast du Zeit für ein Gespräch, und welcher Tag passt dir?"),
    (_NEAR, "My brother does not talk to us any more. What can I say to him?", "en", ""),
)  # fmt: skip


def write(ana: Person, bo: Person) -> None:
    """Their notes, what Ana answered, and that she and Bo would like to welcome one of them."""
    for kind, words, language, answer in NOTES:
        opened, _code = writing.write_first(ana.programme, kind, words, language=language)
        writing.send(opened.contact)
        if answer:
            answering.answer_contact(opened.contact, answer, actor=ana)
            for person in Person.objects.filter(pk__in=[ana.pk, bo.pk]):
                welcoming.give_voice(opened.contact, Voice.Reason.SPOKE, actor=person)


def orient(cass: Person, *, ana: Person) -> None:
    """The talk that Cass had before the first evening."""
    for kind in Step.Kind:
        take_step(cass, kind, actor=ana)
