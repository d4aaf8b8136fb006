"""Addresses of the public page about the log."""

from django.urls import path

from wayhouse.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.transparency, name="transparency"),
    path("head.txt", views.head, name="head"),
    path("proof.json", views.proof, name="proof"),
]
