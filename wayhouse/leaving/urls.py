"""Addresses of this room; none says what it is about to whoever looks over a shoulder."""

from django.urls import path

from wayhouse.leaving import consent_views, views

app_name = "leaving"

urlpatterns = [
    path("", views.held, name="held"),
    path("copy.html", views.take_copy, {"suffix": "html"}, name="copy_to_read"),
    path("copy.json", views.take_copy, {"suffix": "json"}, name="copy_to_move"),
    path("said/", consent_views.consents, name="consents"),
    path("said/<slug:purpose>/", consent_views.consent, name="consent"),
    path("said/<slug:purpose>/back/", consent_views.withdraw_consent, name="withdraw_consent"),
    path("due/", views.due, name="due"),
    path("leave/", views.leave, name="leave"),
    path("erase/", views.erase, name="erase"),
]
