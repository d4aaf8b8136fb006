"""Hiding for a fixed reason, asking that somebody else looks, and looking."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.conversations import moderating, rules
from wayhouse.conversations.finding import post_for
from wayhouse.conversations.forms import HideForm
from wayhouse.conversations.models import Appeal, Post
from wayhouse.conversations.reading import appeals_of
from wayhouse.core.gate import found_or_404, require
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_people, for_roles


@for_people
def hide_post(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Choose the reason; then the words are hidden."""
    post = found_or_404(post_for(request.person, post_id))
    group = post.item.scope.circle.group
    require(rules.may_hide_post(request.person, post, group))
    form = HideForm(request.POST or None)
    if form.is_valid():
        reason = Post.Reason(form.cleaned_data["reason"])
        moderating.hide_post(post, group, reason, actor=request.person)
        messages.success(request, _("Hidden. Who wrote it reads the reason and can ask that somebody else looks."))
        return redirect("conversations:thread", post.thread_id)
    return render(request, "conversations/hide.html", {"page": _("Hide words"), "post": post, "form": form})


@for_people
@require_POST
def ask_again(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Ask that somebody else looks at one's hidden words."""
    post = found_or_404(post_for(request.person, post_id))
    moderating.ask_again(post, post.item.scope.circle.group, actor=request.person)
    messages.success(request, _("A coordinator reads these words now, and nothing else of yours."))
    return redirect("conversations:thread", post.thread_id)


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def appeals(request: PersonRequest) -> HttpResponse:
    """Hidden words at which somebody else is to look."""
    found = list(appeals_of(request.person))
    open_all(found)
    return render(request, "conversations/appeals.html", {"page": _("Look once more"), "appeals": found})


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def decide_again(request: PersonRequest, appeal_id: UUID) -> HttpResponse:
    """Show the words again, or keep them hidden."""
    appeal: Appeal = get_object_or_404(appeals_of(request.person), pk=appeal_id)
    group = appeal.post.item.scope.circle.group
    moderating.decide_again(appeal, group, show=request.POST.get("show") == "yes", actor=request.person)
    messages.success(request, _("Decided. Thank you for looking."))
    return redirect("conversations:appeals")
