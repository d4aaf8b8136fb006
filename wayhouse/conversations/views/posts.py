"""A thread, answering it, and what one may do with one's own words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.conversations import rounds, rules, writing
from wayhouse.conversations.finding import own_post, own_thread, post_for
from wayhouse.conversations.forms import AnswerForm, ChangeForm
from wayhouse.conversations.models import Post
from wayhouse.conversations.reading import conversation_of
from wayhouse.conversations.views.circle import number_in
from wayhouse.core.gate import found_or_404, require
from wayhouse.groups.resting import rests
from wayhouse.people.present import PersonRequest, for_oneself, for_people


@for_people
def thread(request: PersonRequest, thread_id: UUID) -> HttpResponse:
    """What was begun, and the newest that was said to it."""
    found = own_thread(request.person, thread_id)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    # What was typed before the space rested stays in the form.
    unsent = form.is_bound and rests(found.scope.circle.group)
    if not unsent and form.is_valid():
        said, group = form.cleaned_data, found.scope.circle.group
        post = writing.answer(found, group, said["text"], actor=request.person, key=said["key"])
        return redirect(f"{request.path}#p{post.pk}")
    words: dict[str, Any] = {
        "page": _("Our space"),
        "talk": conversation_of(found, request.person, before=number_in(request)),
        "form": form,
    }
    return render(request, "conversations/thread.html", words, status=409 if unsent else 200)


@for_people
def change_post(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Other words in place of one's own."""
    post = found_or_404(post_for(request.person, post_id))
    group = post.item.scope.circle.group
    require(rules.may_change_post(request.person, post, group))
    form = ChangeForm(request.POST or None, initial={"text": post.text, "revision": post.revision})
    status = 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            writing.change_post(post, group, said["text"], revision=said["revision"], actor=request.person)
        except writing.Overtaken:
            # What was typed stays in the form, beside what stands there now.
            form, status = ChangeForm(initial={"text": said["text"], "revision": post.revision}), 409
        else:
            return _back_to(post)
    words = {"page": _("Change your words"), "post": post, "form": form, "overtaken": status != 200}  # noqa: PLR2004
    return render(request, "conversations/change.html", words, status=status)


@for_oneself
def strike_post(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Take one's own words back, after one question; also on a break, or without a seat there."""
    post = found_or_404(own_post(request.person, post_id))
    group = post.item.scope.circle.group
    require(rules.may_strike_post(request.person, post, group))
    up = _thread_of(post) if rules.may_enter(request.person, group) else reverse("leaving:held")
    if request.method == "POST":
        writing.strike_post(post, group, actor=request.person)
        messages.success(request, _("Your words are gone."))
        return redirect(up)
    words = {"page": _("Take your words back"), "post": post, "up": up}
    return render(request, "conversations/strike.html", words)


@for_people
@require_POST
def take_next_turn(request: PersonRequest, thread_id: UUID) -> HttpResponse:
    """Go on to the next turn of a question to the group."""
    found = found_or_404(own_thread(request.person, thread_id))
    after = request.POST.get("after", "")
    rounds.take_next_turn(found, found.scope.circle.group, after=after, actor=request.person)
    return redirect("conversations:thread", found.pk)


@for_people
@require_POST
def pick(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Want to try an idea, or not after all."""
    post = found_or_404(post_for(request.person, post_id))
    picked = request.POST.get("picked") == "yes"
    rounds.pick(post, post.item.scope.circle.group, picked=picked, actor=request.person)
    return redirect(f"{reverse('conversations:thread', args=[post.thread_id])}#p{post.pk}")


def _back_to(post: Post) -> HttpResponse:
    return redirect(_thread_of(post))


def _thread_of(post: Post) -> str:
    return reverse("conversations:thread", args=[post.thread_id])
