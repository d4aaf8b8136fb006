"""The address after sign-in."""

from django.urls import path

from wayhouse.home import views

app_name = "home"

urlpatterns = [
    path("", views.home, name="home"),
    path("readers/", views.readers, name="readers"),
]
