"""Addresses of this room. Nothing in them says what it is about."""

from django.urls import path

from wayhouse.safeguarding.views import (
    answering,
    break_glass,
    concerns,
    limits,
    looking_back,
    posts,
    raising,
    safety_plan,
)

app_name = "safeguarding"

urlpatterns = [
    path("", answering.board, name="board"),
    path("new/", raising.raise_concern, name="raise_concern"),
    path("mine/", raising.mine, name="mine"),
    path("mine/<uuid:concern_id>/", raising.own, name="own"),
    path("mine/<uuid:concern_id>/care/", raising.aftercare, name="aftercare"),
    path("back/", raising.back, name="back"),
    path("team/", posts.posts, name="posts"),
    path("team/<uuid:appointment_id>/end/", posts.end_post, name="end_post"),
    path("calls/", posts.rota, name="rota"),
    path("calls/<int:on_call_id>/swap/", posts.ask_swap, name="ask_swap"),
    path("calls/swaps/<uuid:swap_id>/", posts.answer_swap, name="answer_swap"),
    path("drills/", posts.drills, name="drills"),
    path("limits/", limits.limits, name="limits"),
    path("figures/", looking_back.figures, name="figures"),
    path("learnt/", looking_back.learning, name="learning"),
    path("law/", answering.law_sheets, name="law_sheets"),
    path("sheet/", safety_plan.safety_plan, name="safety_plan"),
    path("sheet/write/", safety_plan.write_plan, name="write_plan"),
    path("sheet/paper/", safety_plan.plan_on_paper, name="plan_on_paper"),
    path("sheet/show/", safety_plan.show_plan, name="show_plan"),
    path("sheet/back/", safety_plan.take_plan_back, name="take_plan_back"),
    path("sheet/erase/", safety_plan.erase_plan, name="erase_plan"),
    path("sheets/", safety_plan.shown_plans, name="shown_plans"),
    path("sheets/<uuid:plan_id>/", safety_plan.shown_plan, name="shown_plan"),
    path("sheet/copy/", break_glass.keep_copy, name="keep_copy"),
    path("sheet/copy/back/", break_glass.give_up_copy, name="give_up_copy"),
    path("sheet/seen/", break_glass.openings, name="openings"),
    path("asked/", break_glass.waiting_openings, name="waiting_openings"),
    path("asked/<uuid:opening_id>/", break_glass.answer_opening, name="answer_opening"),
    path("<uuid:concern_id>/ask/", break_glass.ask_opening, name="ask_opening"),
    path("<uuid:concern_id>/sheet/", break_glass.read_opened, name="read_opened"),
    path("<uuid:concern_id>/", concerns.concern, name="concern"),
    path("<uuid:concern_id>/write/", concerns.write, name="write"),
    path("<uuid:concern_id>/say/", concerns.say, name="say"),
    path("<uuid:concern_id>/care/", concerns.cared_for, name="cared_for"),
    path("<uuid:concern_id>/colleague/", concerns.let_in, name="let_in"),
    path("<uuid:concern_id>/done/<slug:duty>/", concerns.fulfil, name="fulfil"),
    path("<uuid:concern_id>/step/<slug:event>/", concerns.take_step, name="take_step"),
    path("<uuid:concern_id>/strike/<uuid:entry_id>/", concerns.strike_entry, name="strike_entry"),
]
