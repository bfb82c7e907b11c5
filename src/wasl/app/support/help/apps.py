"""Help and training as a Django app of its own: its tables hold only marks and progress, its words are files."""

from __future__ import annotations

from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "wasl.app.support.help"
    label = "help"
    verbose_name = "Help and training"

    def ready(self) -> None:
        from wasl.app.support.help.articles import title_of
        from wasl.app.ui import helps

        helps.name_articles(title_of)
        from wasl.app.jobs.registry import beat
        from wasl.app.support.help import practice

        beat("practice.sweep", practice.sweep, every=600.0, order=90)
