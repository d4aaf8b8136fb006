"""Addresses of this room; none says what it is about to whoever looks over a shoulder."""

from django.urls import path

from wayhouse.mentoring.views import hours, threads

app_name = "mentoring"

urlpatterns = [
    path("", threads.threads, name="threads"),
    path("hours/", hours.office_hours, name="office_hours"),
    path("begin/<uuid:hours_id>/", threads.begin_pair, name="begin_pair"),
    path("<uuid:pair_id>/", threads.thread, name="thread"),
    path("<uuid:pair_id>/end/", threads.end_pair, name="end_pair"),
    path("<uuid:pair_id>/quiet/", threads.choose_nudge, name="choose_nudge"),
    path("<uuid:pair_id>/hello/", threads.answer_nudge, name="answer_nudge"),
    path("words/<uuid:letter_id>/back/", threads.take_back, name="take_back"),
]
