"""Addresses of the help centre: public, in both languages, without a sign-in."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.help import lessons, reading, tour, views

urlpatterns = [
    path("", views.index, name="help"),
    path("glossary", reading.glossary, name="help-glossary"),
    path("paper", reading.paper, name="help-paper"),
    path("news", reading.news, name="help-news"),
    path("lessons/", lessons.index, name="help-lessons"),
    path("lessons/<slug:slug>", lessons.lesson, name="help-lesson"),
    path("tour", tour.done, name="help-tour"),
    path("<slug:slug>", views.article, name="help-article"),
    path("<slug:slug>/vote", views.vote, name="help-vote"),
]
