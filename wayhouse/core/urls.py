"""Addresses of the ground floor; none of them says what this is."""

from django.urls import path

from wayhouse.core import views

app_name = "core"
urlpatterns = [
    path("about/", views.about, name="about"),
    path("help/", views.help_now, name="help"),
    path("leave/", views.leave, name="leave"),
    path("month/", views.elsewhere, name="elsewhere"),
    path("language/", views.choose_language, name="language"),
    path("theme/", views.choose_theme, name="theme"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("health/", views.health, name="health"),
]
