"""Addresses of this room."""

from django.urls import path

from wayhouse.notices import calendar_views, views

app_name = "notices"

urlpatterns = [
    path("", views.contact, name="contact"),
    path("stop/", views.stop, name="stop"),
    path("try/", views.try_out, name="try_out"),
    path("browser/", views.add_device, name="add_device"),
    path("browser/stop/", views.remove_devices, name="remove_devices"),
    path("sent/", views.deliveries, name="deliveries"),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/stop/", calendar_views.stop, name="stop_calendar"),
    path("calendar/<str:token>.ics", calendar_views.feed, name="feed"),
    path("worker.js", views.worker, name="worker"),
]
