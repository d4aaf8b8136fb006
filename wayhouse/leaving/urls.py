"""Addresses of this room; none says what it is about to whoever looks over a shoulder."""

from django.urls import path

from wayhouse.leaving import views

app_name = "leaving"

urlpatterns = [
    path("", views.held, name="held"),
    path("copy.html", views.take_copy, {"suffix": "html"}, name="copy_to_read"),
    path("copy.json", views.take_copy, {"suffix": "json"}, name="copy_to_move"),
    path("leave/", views.leave, name="leave"),
    path("erase/", views.erase, name="erase"),
]
