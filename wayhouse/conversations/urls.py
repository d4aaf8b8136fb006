"""Addresses of this room; none says what it is about to whoever looks over a shoulder."""

from django.urls import path

from wayhouse.conversations.views import circle, moderation, posts, pulse, rules

app_name = "conversations"

urlpatterns = [
    path("again/", moderation.appeals, name="appeals"),
    path("again/<uuid:appeal_id>/", moderation.decide_again, name="decide_again"),
    path("thread/<uuid:thread_id>/", posts.thread, name="thread"),
    path("post/<uuid:post_id>/change/", posts.change_post, name="change_post"),
    path("post/<uuid:post_id>/strike/", posts.strike_post, name="strike_post"),
    path("post/<uuid:post_id>/hide/", moderation.hide_post, name="hide_post"),
    path("post/<uuid:post_id>/again/", moderation.ask_again, name="ask_again"),
    path("<uuid:group_id>/", circle.circle, name="circle"),
    path("<uuid:group_id>/write/", circle.begin_thread, name="begin_thread"),
    path("thread/<uuid:thread_id>/turn/", posts.take_next_turn, name="take_next_turn"),
    path("post/<uuid:post_id>/pick/", posts.pick, name="pick"),
    path("evening/<uuid:meeting_id>/", pulse.answer_pulse, name="answer_pulse"),
    path("<uuid:group_id>/felt/", pulse.pulse, name="pulse"),
    path("<uuid:group_id>/quiet/", circle.quiet_hours, name="quiet_hours"),
    path("<uuid:group_id>/rules/", rules.ground_rules, name="ground_rules"),
    path("<uuid:group_id>/rules/new/", rules.propose_rules, name="propose_rules"),
]
