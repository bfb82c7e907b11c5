"""What replaces what, for people used to paper: content/paper.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from wasl.app.support.help.articles import CONTENT


@dataclass(frozen=True)
class Pair:
    """What one had on paper, what one has now, and the article that explains it."""

    icon: str
    paper: str
    now: str
    article: str


@lru_cache(maxsize=2)
def pairs(lang: str) -> tuple[Pair, ...]:
    found = tomllib.loads((CONTENT / "paper.toml").read_text(encoding="utf-8"))["pair"]
    return tuple(Pair(p["icon"], p[f"paper_{lang}"], p[f"now_{lang}"], p["article"]) for p in found)
