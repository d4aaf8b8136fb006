"""Lines and cells of evenings, drawn by functions and not by templates: one page shows dozens of them."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wayhouse.core.components import NOTHING, badge, button
from wayhouse.core.days import day_written, moment_written
from wayhouse.core.icons import labelled_icon
from wayhouse.core.markup import each, markup
from wayhouse.meetings.access_tasks import NEEDS as NEEDED
from wayhouse.meetings.access_tasks import AccessTask
from wayhouse.meetings.fairness import Load
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rota_board import Board, Cell, Evening, Named
from wayhouse.meetings.tonight import Expected, Host
from wayhouse.meetings.upcoming import Coordinated
from wayhouse.people.roster.choices import NEEDS

# What is missing, in words, each with whether the evening cannot be without.
Gaps = Iterable[tuple[str, bool]]
_NUMBERS = ' class="num"'


def gap_badges(gaps: Gaps) -> SafeString:
    """What an evening lacks, as badges."""
    return each("{}", ((badge(words, kind="urgent" if urgent else "warn"),) for words, urgent in gaps), " ")


def evening_lines(evenings: Iterable[Coordinated]) -> SafeString:
    """The evenings of a programme, each with what it lacks and the ways to change it."""
    above, who_comes, schedule = reverse("meetings:meetings"), _("Who comes"), _("Schedule")
    skipped = badge(_("does not take place"))
    onward = '<a class="btn quiet small" href="{}{}/{}/">{}<span class="vh"> – {}</span></a>'

    def ways(one: Coordinated) -> SafeString:
        there = ((above, one.evening.pk, "cover", who_comes), (above, one.evening.pk, "schedule", schedule))
        return each(onward, ((*way, one.group.name) for way in there), " ")

    line = '<li><span><b>{} · {}</b><br><span class="muted">{}</span> {} {}</span><span class="row">{}</span></li>'
    return each(
        line,
        (
            (
                moment_written(one.evening.starts_at, "l, j F"),
                one.group.name,
                one.title,
                skipped if one.evening.state == Meeting.State.SKIPPED else NOTHING,
                gap_badges(one.gaps),
                ways(one),
            )
            for one in evenings
        ),
    )


def seats_expected(expected: Iterable[Expected]) -> SafeString:
    """Those whom an evening expects, each with their answer and needs, in the order of their seats."""
    answers = {
        None: badge(_("no answer yet")),
        True: badge(_("yes"), kind="good", icon="check"),
        False: badge(_("not this time")),
    }
    arranged = {
        None: NOTHING,
        True: badge(_("needs arranged"), kind="good"),
        False: badge(_("needs not arranged yet"), kind="warn"),
    }
    line = '<li><b><span class="muted">{}</span> {}</b> {} {}{}</li>'
    return each(
        line, ((who.seat, who.name, answers[who.coming], arranged[who.arranged], _to_know(who)) for who in expected)
    )


def access_lines(tasks: Iterable[tuple[AccessTask, str]], token: str, *, done: bool) -> SafeString:
    """Needs for evenings, each with whose it is, where it stands, and how to settle it; `done` where it is settled."""
    below, due, needs = (
        reverse("meetings:access_tasks"),
        _("due %(day)s"),
        {key: str(need) for key, need in NEEDED.items()},
    )
    states = {state: _access_states(state) for state in AccessTask.State}
    again, arranged, impossible = _("Look at it again"), _("Arranged"), _("Not possible")
    line = (
        '<li><span><b>{} – <bdi>{}</bdi></b><br><span class="muted"><bdi>{}</bdi>, {} · {}</span> {}</span>'
        '<form method="post" action="{}{}/"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<span class="row">{}</span></form></li>'
    )

    def settle(name: str) -> SafeString:
        if done:
            return button(again, kind="quiet small", hidden=name, name="state", value="asked")
        yes = button(arranged, kind="small", icon="check", hidden=name, name="state", value="arranged")
        return yes + button(impossible, kind="quiet small", hidden=name, name="state", value="not")

    return each(
        line,
        (
            (
                needs.get(task.need, task.need),
                name,
                task.meeting.group.name,
                moment_written(task.meeting.starts_at, "D j M"),
                due % {"day": moment_written(task.due_at, "D j M")},
                states[AccessTask.State(task.state)][task.is_overdue],
                below,
                task.pk,
                token,
                settle(name),
            )
            for task, name in tasks
        ),
    )


def _access_states(state: AccessTask.State) -> tuple[SafeString, SafeString]:
    """How a state is shown, and how where its time is over."""
    if state == AccessTask.State.ARRANGED:
        return (badge(str(state.label), kind="good", icon="check"),) * 2
    if state == AccessTask.State.NOT_POSSIBLE:
        return (badge(str(state.label), kind="warn"),) * 2
    return badge(str(state.label)), badge(str(state.label), kind="urgent")


def hosts_serving(hosts: Iterable[Host]) -> SafeString:
    """Those who serve at an evening and who stands by, each with their role."""
    me, reserve = f" ({_('you')})", f" · {_('stands by')}"
    line = '<li><span><b>{}</b>{}<br><span class="muted">{}{}</span></span></li>'
    return each(line, ((one.name, me if one.is_me else "", one.role, reserve if one.reserve else "") for one in hosts))


def rota_gaps(board: Board) -> SafeString:
    """The list of evenings of the next four weeks that lack somebody, with reasons and a way to somebody else."""
    address, words = _address_of(board), _("See who could come")
    onward = '<a class="btn quiet small" href="{}">{}<span class="vh"> – {}</span></a>'
    return each(
        "<li><span><b>{} · {}</b> {}{}</span>" + onward + "</li>",
        (
            (
                day_written(gap.evening.starts_at, "l, j F"),
                gap.evening.group.name,
                gap_badges(gap.gaps),
                each('<br><span class="muted">{}</span>', ((reason,) for reason in gap.reasons)),
                address(gap.evening),
                words,
                gap.evening.group.name,
            )
            for gap in board.coming_gaps
        ),
    )


def rota_table(board: Board) -> SafeString:
    """Head and body of the table of groups and weeks, with those who serve."""
    weeks = ((_week(week), day_written(monday, "j M")) for week, monday in board.weeks)
    head = each('<th scope="col">{} · {}</th>', weeks)
    draw = _cells_of(board)
    body = each(
        '<tr><th scope="row">{}</th>{}</tr>',
        ((group.name, each("{}", ((draw(cell),) for cell in cells))) for group, cells in board.rows),
    )
    return markup('<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody>', _("Group"), head, body)


def rota_loads(board: Board, *, with_reserve: bool) -> SafeString:
    """Head and body of the table of what each person carries. Who stands by, a proposal does not say yet."""
    columns: list[tuple[str, bool, Callable[[Load], object]]] = [
        (_("Role"), False, lambda load: load.role),
        (_("Evenings"), True, lambda load: load.evenings),
        (_("Fair share"), True, lambda load: load.fair),
        (_("Compared with it"), False, lambda load: load.judged),
        (_("Cycle before"), True, lambda load: load.before),
        (_("Both cycles"), True, lambda load: load.both),
        *([(_("Stands by"), True, _stands_by)] if with_reserve else []),
        (_("Gives a week"), True, lambda load: load.a_week),
    ]
    labels, marks = [label for label, *_words in columns], [_NUMBERS if one[1] else "" for one in columns]
    head = markup("".join(f'<th scope="col"{mark}>{{}}</th>' for mark in marks), *labels)
    cells = "".join(
        markup(f'<td{mark} data-label="{{}}">', label) + "{}</td>" for mark, label in zip(marks, labels, strict=True)
    )
    lines = ((load.name, *(read(load) for *_words, read in columns)) for load in board.loads)
    body = each('<tr><th scope="row">{}</th>' + cells + "</tr>", lines)
    return markup('<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody>', _("Name"), head, body)


def _stands_by(load: Load) -> object:
    return load.reserve


def _cells_of(board: Board) -> "Callable[[Cell | None], SafeString]":
    """What draws the cells of a rota. Words that all cells share are looked up once."""
    address, change, weeks = _address_of(board), _("Change"), {week: _week(week) for week, _monday in board.weeks}
    skipped = markup('<p class="muted">{}</p>', _("does not take place"))
    lock = markup(" {}", labelled_icon("lock", _("locked"), 20))
    duties = {duty: markup(' <span class="muted">{}</span>', words) for duty, words in _duties().items()}

    def draw(cell: Cell | None) -> SafeString:
        if cell is None:
            return markup("<td>–</td>")
        evening, onward = cell.evening, NOTHING
        if not evening.stands:
            link = '<a class="back" href="{}">{}<span class="vh"> – {}, {}</span></a>'
            day = day_written(evening.starts_at, "j F")
            onward = markup(link, address(evening), change, evening.group.name, day)
        moves = board.number is not None and not evening.stands
        people = (
            (
                markup(' data-person="{}"', one.person) if moves else NOTHING,
                one.name,
                lock if one.locked else NOTHING,
                duties.get(_duty(one), NOTHING),
            )
            for one in cell.people
        )
        return markup(
            '<td{} data-label="{} · {}"><div>{}<ul class="people">{}</ul>{}{}</div></td>',
            markup(' data-drop data-at="{}"', address(evening)) if moves else NOTHING,
            weeks[evening.week],
            day_written(evening.starts_at, "j M"),
            skipped if evening.skipped else NOTHING,
            each("<li{}>{}{}{}</li>", people),
            gap_badges(cell.gaps),
            onward,
        )

    return draw


def _to_know(who: Expected) -> SafeString:
    words = [*([_("new here")] if who.newcomer else []), *(NEEDS.label(need) for need in who.needs)]
    return markup('<p class="muted">{}</p>', " · ".join(words)) if words else NOTHING


def _duties() -> dict[str, str]:
    return {"reserve": _("stands by"), "leads": _("leads")}


def _duty(one: Named) -> str:
    return "reserve" if one.reserve else "leads" if one.leads else ""


def _address_of(board: Board) -> Callable[[Evening], str]:
    """Where an evening is changed: who comes to it, or its place in a proposal. Looked up once, not for each."""
    evenings, rota = reverse("meetings:meetings"), reverse("meetings:rota", args=[board.cycle.pk])
    query = f"?n={board.number}" if board.number else ""

    def address(evening: Evening) -> str:
        if evening.meeting:
            return f"{evenings}{evening.meeting}/cover/"
        return f"{rota}{evening.group.pk}/{evening.week}/{query}"

    return address


def _week(number: int) -> str:
    return _("Week %(week)s") % {"week": number}
