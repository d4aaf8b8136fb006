"""Addresses of this room."""

from django.urls import path

from wayhouse.meetings.views import (
    access,
    answers,
    change_rota,
    continuity,
    cover,
    evenings,
    polls,
    records,
    rota,
    rota_drawing,
    schedule,
    swaps,
)

app_name = "meetings"

urlpatterns = [
    path("<uuid:meeting_id>/", answers.meeting, name="meeting"),
    path("<uuid:meeting_id>/answer/", answers.answer, name="answer"),
    path("<uuid:meeting_id>/tonight/", evenings.evening, name="evening"),
    path("<uuid:meeting_id>/run/", evenings.run, name="run"),
    path("<uuid:meeting_id>/guide/", evenings.guide, name="guide"),
    path("<uuid:meeting_id>/seats/", evenings.seat_list, name="seat_list"),
    path("<uuid:meeting_id>/record/", records.record, name="record"),
    path("<uuid:meeting_id>/attendance/", records.attendance, name="attendance"),
    path("<uuid:meeting_id>/debrief/", records.debrief, name="debrief"),
    path("group/<uuid:group_id>/", continuity.continuity, name="continuity"),
    path("", schedule.meetings, name="meetings"),
    path("<uuid:meeting_id>/schedule/", schedule.schedule, name="schedule"),
    path("<uuid:meeting_id>/cover/", cover.cover, name="cover"),
    path("<uuid:meeting_id>/cover/reserve/", cover.call_reserve, name="call_reserve"),
    path("<uuid:meeting_id>/cover/gap/", cover.fill_gap, name="fill_gap"),
    path("<uuid:meeting_id>/cover/off/", cover.take_off, name="take_off"),
    path("<uuid:meeting_id>/hand-over/", swaps.ask_swap, name="ask_swap"),
    path("<uuid:meeting_id>/times/", polls.poll, name="poll"),
    path("<uuid:meeting_id>/times/ask/", polls.ask_poll, name="ask_poll"),
    path("<uuid:meeting_id>/times/end/", polls.withdraw_poll, name="withdraw_poll"),
    path("<uuid:meeting_id>/needs/", access.needs, name="needs"),
    path("needs/", access.access_tasks, name="access_tasks"),
    path("needs/plan/", access.make_access_tasks, name="make_access_tasks"),
    path("needs/<uuid:task_id>/", access.settle_access, name="settle_access"),
    path("needs/<uuid:task_id>/back/", access.take_back_need, name="take_back_need"),
    path("swaps/", swaps.swaps, name="swaps"),
    path("swaps/<uuid:swap_id>/", swaps.decide_swap, name="decide_swap"),
    path("swaps/<uuid:swap_id>/keep/", swaps.withdraw_swap, name="withdraw_swap"),
    path("rota/<uuid:cycle_id>/", rota.rota, name="rota"),
    path("rota/<uuid:cycle_id>/propose/", rota.propose_rota, name="propose_rota"),
    path("rota/<uuid:cycle_id>/drawing/", rota_drawing.drawing, name="drawing"),
    path("rota/<uuid:cycle_id>/drawing/stop/", rota_drawing.stop, name="stop_drawing"),
    path("rota/<uuid:cycle_id>/compare/", rota.compare_rotas, name="compare_rotas"),
    path("rota/<uuid:cycle_id>/drop/", rota.drop_rota, name="drop_rota"),
    path("rota/<uuid:cycle_id>/accept/", rota.accept_rota, name="accept_rota"),
    path("rota/<uuid:cycle_id>/<uuid:group_id>/<int:week>/", change_rota.change_rota, name="change_rota"),
]
