"""Addresses of this room. Nothing in them says what it is about."""

from django.urls import path

from wayhouse.safeguarding.views import answering, concerns, limits, posts, raising

app_name = "safeguarding"

urlpatterns = [
    path("", answering.board, name="board"),
    path("new/", raising.raise_concern, name="raise_concern"),
    path("mine/", raising.mine, name="mine"),
    path("mine/<uuid:concern_id>/", raising.own, name="own"),
    path("back/", raising.back, name="back"),
    path("team/", posts.posts, name="posts"),
    path("team/<uuid:appointment_id>/end/", posts.end_post, name="end_post"),
    path("calls/", posts.rota, name="rota"),
    path("calls/<int:on_call_id>/swap/", posts.ask_swap, name="ask_swap"),
    path("calls/swaps/<uuid:swap_id>/", posts.answer_swap, name="answer_swap"),
    path("drills/", posts.drills, name="drills"),
    path("limits/", limits.limits, name="limits"),
    path("law/", answering.law_sheets, name="law_sheets"),
    path("<uuid:concern_id>/", concerns.concern, name="concern"),
    path("<uuid:concern_id>/write/", concerns.write, name="write"),
    path("<uuid:concern_id>/say/", concerns.say, name="say"),
    path("<uuid:concern_id>/colleague/", concerns.let_in, name="let_in"),
    path("<uuid:concern_id>/done/<slug:duty>/", concerns.fulfil, name="fulfil"),
    path("<uuid:concern_id>/step/<slug:event>/", concerns.take_step, name="take_step"),
    path("<uuid:concern_id>/strike/<uuid:entry_id>/", concerns.strike_entry, name="strike_entry"),
]
