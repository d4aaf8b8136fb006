"""A group's own space: writing, taking back, hiding and looking once more, ground rules."""

from datetime import timedelta
from unittest.mock import patch

from time_machine import travel

from faults.acts import Done, act, coordinating
from faults.house import House
from wayhouse.conversations import ground_rules, moderating, pulse, rounds, writing
from wayhouse.conversations.models import Appeal, GroundRules, Post, Thread


def _writing(house: House, who: str, work: Done) -> Done:
    """Do it with the keys of somebody in the group."""

    def done() -> object:
        with house.acting(who):
            return work()

    return done


def _begun(house: House) -> Post:
    """What Cass began."""
    cass = house.person("cass")
    with house.acting("cass"):
        begun = writing.begin_thread(house.group, "Hello.", kind=Thread.Kind.PROBLEM, actor=cass)
    return Post.objects.select_related("item__scope", "thread__first").get(thread=begun)


def _hidden(house: House) -> Post:
    post = _begun(house)
    with house.acting("bo"):
        moderating.hide_post(post, house.group, Post.Reason.NAMES, actor=house.person("bo"))
    return post


@act("thread.begun", thrifty=True)
def begin_a_thread(house: House) -> Done:
    cass = house.person("cass")
    talk = Thread.Kind.TALK
    return _writing(house, "cass", lambda: writing.begin_thread(house.group, "Hello.", kind=talk, actor=cass))


@act("post.written")
def answer_a_thread(house: House) -> Done:
    thread, bo = _begun(house).thread, house.person("bo")
    return _writing(house, "bo", lambda: writing.answer(thread, house.group, "And you?", actor=bo))


@act("post.changed")
def change_a_post(house: House) -> Done:
    post, cass = _begun(house), house.person("cass")
    return _writing(house, "cass", lambda: writing.change_post(post, house.group, "Well.", revision=1, actor=cass))


@act("post.struck")
def take_a_post_back(house: House) -> Done:
    post, cass = _hidden(house), house.person("cass")
    with house.acting("cass"):
        moderating.ask_again(post, house.group, actor=cass)
    return _writing(house, "cass", lambda: writing.strike_post(post, house.group, actor=cass))


@act("quiet_hours.set")
def set_quiet_hours(house: House) -> Done:
    _begun(house)
    return lambda: writing.set_quiet_hours(house.group, (22, 7), actor=house.person("bo"))


@act("post.hidden")
def hide_a_post(house: House) -> Done:
    post = _begun(house)
    bo = house.person("bo")
    return _writing(house, "bo", lambda: moderating.hide_post(post, house.group, Post.Reason.NAMES, actor=bo))


@act("appeal.asked")
def ask_for_another_look(house: House) -> Done:
    post, cass = _hidden(house), house.person("cass")
    return _writing(house, "cass", lambda: moderating.ask_again(post, house.group, actor=cass))


@act("appeal.decided")
def look_once_more(house: House) -> Done:
    post, cass = _hidden(house), house.person("cass")
    with house.acting("cass"):
        moderating.ask_again(post, house.group, actor=cass)
    appeal = Appeal.objects.select_related("post__item__scope").get()
    return coordinating(house, lambda: moderating.decide_again(appeal, house.group, show=True, actor=house.ana))


@act("turn.taken")
def go_on_to_the_next_turn(house: House) -> Done:
    thread = _begun(house).thread
    return lambda: rounds.take_next_turn(thread, house.group, after="clarify", actor=house.person("cass"))


@act("idea.picked")
def pick_an_idea(house: House) -> Done:
    go_on_to_the_next_turn(house)()
    with house.acting("bo"):
        idea = writing.answer(Thread.objects.get(), house.group, "Sleep first.", actor=house.person("bo"))
    found = Post.objects.select_related("thread__first").get(pk=idea.pk)
    return lambda: rounds.pick(found, house.group, picked=True, actor=house.person("cass"))


@act()
def answer_how_an_evening_was(house: House) -> Done:
    cass, evening = house.person("cass"), house.evening()

    def answer() -> None:
        with travel(evening.ends_at + timedelta(hours=1), tick=False):
            pulse.answer_pulse(evening, {"heard": 8}, actor=cass)

    return _writing(house, "cass", answer)


@act("pulse.shown")
def show_how_evenings_were(house: House) -> Done:
    answer_how_an_evening_was(house)()
    evening, cass = house.evening(), house.person("cass")

    def show() -> None:
        with patch.object(pulse, "FEWEST", 1), travel(evening.ends_at + timedelta(days=7), tick=False):
            pulse.show_pulse(house.group, actor=cass)

    return _writing(house, "cass", show)


@act("rules.proposed", "rules.answered")
def propose_ground_rules(house: House) -> Done:
    cass = house.person("cass")
    return _writing(house, "cass", lambda: ground_rules.propose_rules(house.group, ["We listen."], actor=cass))


@act("rules.answered")
def agree_to_ground_rules(house: House) -> Done:
    propose_ground_rules(house)()
    found, bo = GroundRules.objects.get(), house.person("bo")
    return _writing(house, "bo", lambda: ground_rules.answer_rules(found, house.group, agrees=True, actor=bo))
