"""Addresses of the library."""

from django.urls import path

from wayhouse.blueprints import circles, views

app_name = "blueprints"

urlpatterns = [
    path("", views.packs, name="packs"),
    path("circles/<uuid:cycle_id>/", circles.open_circle, name="open_circle"),
    path("<slug:key>/", views.pack, name="pack"),
    path("<slug:key>/<slug:guide_key>/", views.guide, name="guide"),
]
