"""Addresses of this room; none says what it is about to whoever looks over a shoulder."""

from django.urls import path

from wayhouse.mentoring.views import asking, hours, threads

app_name = "mentoring"

urlpatterns = [
    path("", threads.threads, name="threads"),
    path("hours/", hours.office_hours, name="office_hours"),
    path("ask/", asking.ask, name="ask"),
    path("asked/<uuid:question_id>/", asking.asked, name="asked"),
    path("asked/<uuid:question_id>/back/", asking.take_back_question, name="take_back_question"),
    path("questions/", asking.questions, name="questions"),
    path("questions/<uuid:question_id>/", asking.answer, name="answer"),
    path("talk/<uuid:exchange_id>/", asking.exchange, name="exchange"),
    path("talk/<uuid:exchange_id>/name/", asking.open_name, name="open_name"),
    path("talk/<uuid:exchange_id>/end/", asking.close_exchange, name="close_exchange"),
    path("begin/<uuid:hours_id>/", threads.begin_pair, name="begin_pair"),
    path("<uuid:pair_id>/", threads.thread, name="thread"),
    path("<uuid:pair_id>/end/", threads.end_pair, name="end_pair"),
    path("<uuid:pair_id>/quiet/", threads.choose_nudge, name="choose_nudge"),
    path("<uuid:pair_id>/hello/", threads.answer_nudge, name="answer_nudge"),
    path("words/<uuid:letter_id>/back/", threads.take_back, name="take_back"),
]
