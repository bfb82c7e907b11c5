"""Small record forms (customer, item): named fields, each with its reader; what cannot be read says why and is kept as typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from wasl.app.ui.i18n import current
from wasl.errors import WaslError

Reader = Callable[[str], Any]


@dataclass
class RecordForm:
    """`readers` name the fields there are: anything else in the request is ignored (T55)."""

    readers: Mapping[str, Reader]
    required: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def errors(self, name: str) -> list[str]:
        return self.problems.get(name, [])

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(name, text) for name, texts in self.problems.items() for text in texts]

    def read(self, data: Mapping[str, str]) -> dict[str, Any]:
        """The values; `problems` says what is wrong with which field."""
        self.typed = {name: data.get(name, "") for name in self.readers}
        values: dict[str, Any] = {}
        for name, reader in self.readers.items():
            if name in self.required and not self.typed[name].strip():
                self.problems.setdefault(name, []).append(_("Fill this in."))
                continue
            try:
                values[name] = reader(self.typed[name])
            except WaslError as error:
                self.problems.setdefault(name, []).append(error.message(current()))
        return values
