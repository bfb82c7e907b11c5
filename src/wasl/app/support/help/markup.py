"""Markdown of our own content files to HTML: a small, safe part of it, with links by name.

HTML inside a file is shown as text. A link names what it leads to: `route:inbox` (a route of the product without
arguments; only its words stay where this installation has no such route), `article:pay`, `term:vat`, `lesson:open`.
Inline code is a left-to-right island: numbers, addresses, file names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import NoReverseMatch, reverse
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_ROUTES = {"article": "help-article", "lesson": "help-lesson"}


def address(name: str) -> str:
    """The path that a named link leads to; empty where this product has no such route. ValueError for any other text."""
    kind, _, rest = name.partition(":")
    try:
        if kind == "route":
            route, _, fragment = rest.partition("#")
            return reverse(route) + (f"#{fragment}" if fragment else "")
        if kind == "term":
            return f"{reverse('help-glossary')}#{rest}"
        if kind in _ROUTES:
            return reverse(_ROUTES[kind], args=[rest])
    except NoReverseMatch:
        return ""
    raise ValueError(f"a link of a content file is route:, article:, lesson: or term:, not {name!r}")


def html(text: str) -> Markup:
    """Markdown to markup that a page may show as it is."""
    return Markup(_parser().render(text))  # noqa: S704 - our own files, HTML off, links by name only


def line(text: str) -> Markup:
    """One line of words, such as an answer: the same, without a paragraph around it."""
    return Markup(_parser().renderInline(text))  # noqa: S704 - as above


def links(text: str) -> Iterator[str]:
    """Every link of a text by its name, as written."""
    for block in tokens(text):
        for token in block.children or ():
            if token.type == "link_open":
                yield str(token.attrs["href"])


def tokens(text: str) -> list[Token]:
    """The blocks of a text, for tests of its outline and for its plain words."""
    return _parser().parse(text)


class _Renderer(RendererHTML):
    def code_inline(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        return str(Markup('<bdi class="code" dir="ltr">{}</bdi>').format(tokens[index].content))

    def link_open(self, tokens: Sequence[Token], index: int, options: object, env: dict[str, bool]) -> str:
        target = address(str(tokens[index].attrs["href"]))
        env["is_dead"] = not target
        return str(Markup('<a href="{}">').format(target)) if target else ""

    def link_close(self, tokens: Sequence[Token], index: int, options: object, env: dict[str, bool]) -> str:
        return "" if env.pop("is_dead", False) else "</a>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table").disable("image")
    parser.validateLink = lambda url: not url.lower().startswith(("javascript:", "data:", "vbscript:", "file:"))  # type: ignore[method-assign]
    return parser
