"""Reading without loss: every element and attribute taken is crossed off, and what is left over is reported.

A `Group` hands out the children of one element by name. When reading ends, `Source.losses()` lists every leaf and
attribute that nobody took, was repeated, or held a value of the wrong kind. Forgetting a term in the reader therefore
shows as a loss, never as silence.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import cast

from lxml import etree

from wasl.formats.lexical import ORDINARY, XML_SPACE, to_date, to_decimal
from wasl.formats.names import CLARK as _CLARK
from wasl.formats.names import XSI, clark
from wasl.formats.paths import Paths
from wasl.formats.result import Loss
from wasl.formats.xml import Element, XmlRefused, text_of
from wasl.invoice.model import Identifier

CHILDREN_MAX = 100_000  # of one element: lines of an invoice; the rules are measured to 50,000
LOSSES_MAX = 10_000  # listed one by one; a file with more is some other document


class TooManyChildren(XmlRefused):
    code = "WASL-XML-10"
    en = "The element “{name}” holds more than {limit} elements; an invoice of so many lines is not read. Fix: split it into several invoices."
    ar = "في العنصر «{name}» أكثر من {limit} عنصر، ولا تُقرأ فاتورة فيها هذا العدد من البنود. الحل: قسّمها إلى عدة فواتير."


_REASONS = {
    "unknown": ("The invoice model has no place for this.", "لا مكان لهذا في نموذج الفاتورة."),
    "repeated": ("It is repeated; only the first one is kept.", "هذا مكرّر، ولا يُحفظ إلا الأول."),
    "number": (
        "It is not a decimal number of at most 28 digits, 24 before the point.",
        "ليس هذا عددًا عشريًّا من 28 خانة على الأكثر، 24 منها قبل الفاصلة.",
    ),
    "date": ("It is not a date like 2026-12-31.", "ليس هذا تاريخًا على الصورة 2026-12-31."),
    "base64": ("The attached content is not valid Base64.", "المحتوى المرفق ليس بترميز Base64 صحيح."),
    "currency": ("It is not the document currency.", "ليست هذه عملة الفاتورة."),
    "fixed": ("Another value is expected here.", "القيمة المتوقعة هنا غير هذه."),
    "code": ("The code is not one of those that the standard gives for this term.", "ليس هذا من الرموز التي يحددها المعيار لهذا البند."),
    "root": ("The type code does not fit this kind of document.", "رمز النوع لا يناسب هذا المستند."),
}


class Source:
    """One document being read: its currency, and the losses found so far."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.currency: str | None = None
        self._groups: list[Group] = []
        self._everywhere: tuple[bool, frozenset[Element]] | None = None
        self._found: list[tuple[Element, str | None, str]] = []

    def open(self, element: Element) -> Group:
        """A cursor over the children of `element`; its leftovers count as losses."""
        group = Group(element, self)
        self._groups.append(group)
        return group

    def lose(self, element: Element, reason: str, attribute: str | None = None) -> None:
        """Report one attribute, or an element with everything below it."""
        self._found.append((element, attribute, reason))

    def each(self, children: list[Element]) -> Iterator[Group]:
        """A cursor over each of these, finished with before the next is opened: so a long invoice never has all its lines open."""
        for child in children:
            mark = len(self._groups)
            yield self.open(child)
            self._settle(mark)

    def _settle(self, mark: int) -> None:
        """Report the leftovers of all groups opened since `mark`, and forget them."""
        if self._everywhere is None:
            self._everywhere = bool(_MIXED(self.root)), frozenset(_ATTRIBUTED(self.root))
        mixed, attributed = self._everywhere
        for group in self._groups[mark:]:
            if group.unfinished:
                group.leave()
            if mixed or group.bare or group.element in attributed:
                group.leave_text_and_attributes()
        del self._groups[mark:]  # each holds this object: without them there is no cycle to collect

    def losses(self) -> tuple[Loss, ...]:
        """Every loss, in document order; after LOSSES_MAX of them one that says so. To be asked once, at the end."""
        self._settle(0)
        if not self._found:
            return ()
        found: dict[Element, list[tuple[str | None, str]]] = {}
        for element, attribute, reason in self._found:
            found.setdefault(element, []).append((attribute, reason))
        paths = Paths()
        listed: list[Loss] = []
        for element in self.root.iter():
            for attribute, reason in found.get(element, ()):
                for loss in _expand(paths, element, attribute, reason):
                    if len(listed) == LOSSES_MAX:
                        return (*listed, Loss(xpath=paths.of(self.root), value="…", en=_AND_MORE[0], ar=_AND_MORE[1]))
                    listed.append(loss)
        return tuple(listed)


_AND_MORE = (
    f"There are more losses than the {LOSSES_MAX:,} that are listed.",
    f"المفقود أكثر من {LOSSES_MAX:,} المذكورة.",
)

# Whether text stands between elements, and which elements with children have attributes: asked once a document, because asking
# each group costs more than all the rest of the reading.
_MIXED = etree.XPath("boolean(descendant-or-self::*[*]/text()[normalize-space()])", smart_strings=False)
_ATTRIBUTED = etree.XPath("descendant-or-self::*[@*][*]", smart_strings=False)


class Group:
    """The children of one element, handed out by name."""

    __slots__ = ("_abandoned", "_children", "bare", "element", "source")

    def __init__(self, element: Element, source: Source) -> None:
        self.element = element
        self.source = source
        children: dict[str, Element | list[Element]] = {}
        if len(element) > CHILDREN_MAX:
            raise TooManyChildren(name=element.tag.rpartition("}")[2][:60], limit=CHILDREN_MAX)
        repeated = False
        for child in element:
            tag = child.tag
            if tag in children:
                twin = children[tag]
                if type(twin) is list:
                    twin.append(child)
                else:
                    children[tag] = [cast("Element", twin), child]
                    repeated = True
            elif type(tag) is str:  # a comment or an instruction has a function there
                children[tag] = child
        if repeated:  # the next one to take is the last of its list
            for twins in children.values():
                if type(twins) is list:
                    twins.reverse()
        self._children = children
        self.bare = not children  # an element without elements in it
        self._abandoned = False

    @property
    def unfinished(self) -> bool:
        """Whether anything is left to take."""
        return bool(self._children)

    def leave(self) -> None:
        """Report the children that nobody took."""
        for name, left in self._children.items():
            children = _listed(left)
            taken_before = name in _taken(self.element, children[0])
            for child in children:
                self.source.lose(child, "repeated" if taken_before else "unknown")

    def leave_text_and_attributes(self) -> None:
        """Report the attributes of a group, and text between its children."""
        if self._abandoned:
            return
        for name, _ in self.element.items():
            if not name.startswith(f"{{{XSI}}}"):  # schema hints are not invoice data
                self.source.lose(self.element, "unknown", name)
        if text_of(self.element).strip(XML_SPACE):
            self.source.lose(self.element, "unknown", "text()")

    def abandon(self) -> None:
        """Forget this group: its element has been reported as a whole."""
        self._children = {}
        self._abandoned = True

    def take(self, name: str) -> Element | None:
        """The next child called `name`; None when there is none left."""
        name = _CLARK[name]
        found = self._children.pop(name, None)
        if type(found) is not list:
            return cast("Element | None", found)
        child = found.pop()
        if found:
            self._children[name] = found
        return child

    def has(self, name: str) -> bool:
        """Whether a child called `name` is left to take."""
        return clark(name) in self._children

    def peek(self, *path: str) -> str | None:
        """Text of the first element under `path`, nothing taken."""
        element: Element | None = self.element
        for name in path:
            element = element.find(clark(name)) if element is not None else None
        return None if element is None else text_of(element).strip(XML_SPACE)

    def group(self, name: str) -> Group | None:
        """The next child called `name` as a group."""
        child = self.take(name)
        return None if child is None else self.source.open(child)

    def section(self, name: str) -> Group:
        """The next child called `name` as a group; an empty one where there is none."""
        return self.group(name) or Group(etree.Element("none"), self.source)

    def groups(self, name: str) -> list[Group]:
        """All remaining children called `name` as groups."""
        found = self._children.pop(clark(name), None)
        return [] if found is None else [self.source.open(child) for child in _listed(found)]

    def each(self, name: str) -> Iterator[Group]:
        """All remaining children called `name`, one at a time: for those that there may be thousands of."""
        found = self._children.pop(clark(name), None)
        return iter(()) if found is None else self.source.each(_listed(found))

    def value(self, element: Element, *attributes: str) -> str:
        """Text of a leaf; attributes other than `attributes`, and elements inside it, are losses."""
        names = element.keys()
        if names and names != [*attributes]:
            for name in names:
                if name not in attributes:
                    self.source.lose(element, "unknown", name)
        if len(element):
            for child in element:
                if type(child.tag) is str:  # a comment or an instruction has a function there
                    self.source.lose(child, "unknown")
            return text_of(element)
        return element.text or ""

    def text(self, name: str) -> str | None:
        """Text as given."""
        child = self.take(name)
        return None if child is None else self.value(child)

    def inner(self, wrapper: str, name: str) -> Element | None:
        """The one leaf called `name` in the child called `wrapper`, for the many wrappers that hold nothing else."""
        child = self.take(wrapper)
        if child is None:
            return None
        if len(child) == 1 and not child.keys() and (child.text is None or not child.text.strip(XML_SPACE)):
            leaf = child[0]
            if leaf.tag == _CLARK[name] and (leaf.tail is None or not leaf.tail.strip(XML_SPACE)):
                return leaf
        return self.source.open(child).take(name)

    def wrapped(self, wrapper: str, name: str) -> str | None:
        """Text as given of `name` in `wrapper`."""
        child = self.inner(wrapper, name)
        return None if child is None else self.value(child)

    def code(self, name: str, *attributes: str) -> str | None:
        """Text without surrounding white space."""
        child = self.take(name)
        return None if child is None else self.value(child, *attributes).strip(XML_SPACE)

    def identifier(self, name: str) -> Identifier | None:
        """Text with its schemeID."""
        child = self.take(name)
        return None if child is None else self.scheme_of(child)

    def scheme_of(self, child: Element) -> Identifier:
        """The same for an element that has been taken."""
        return Identifier(value=self.value(child, "schemeID"), scheme=child.get("schemeID"))

    def date(self, name: str) -> date | None:
        child = self.take(name)
        if child is None:
            return None
        found = to_date(self.value(child))
        if found is None:
            self.source.lose(child, "date")
        return found

    def decimal(self, name: str) -> Decimal | None:
        child = self.take(name)
        return None if child is None else self.number(child)

    def number(self, child: Element, *attributes: str) -> Decimal | None:
        """The decimal in `child`, or a loss."""
        found = to_decimal(self.value(child, *attributes))
        if found is None:
            self.source.lose(child, "number")
        return found

    def amount(self, name: str) -> Decimal | None:
        """A decimal in the document currency (BT-5). One in another currency is not read: it would pass for BT-5."""
        child = self.take(name)
        return None if child is None else self.money(child)

    def money(self, child: Element) -> Decimal | None:
        """The same for an element that has been taken."""
        given, currency = child.get("currencyID"), self.source.currency
        text = child.text
        if given == currency and text is not None and ORDINARY.match(text) is not None and not len(child) and len(child.keys()) == 1:
            return Decimal(text)  # nearly every amount there is, at one glance
        if given is not None and given != currency and given.strip(XML_SPACE) != currency:
            self.source.lose(child, "currency", "currencyID")
            if currency is not None:
                self.source.lose(child, "currency")
                return None
        return self.number(child, "currencyID")

    def fixed(self, name: str, *accepted: str) -> None:
        """Take a child whose value the model implies; another value is a loss."""
        child = self.take(name)
        if child is not None and self.value(child).strip(XML_SPACE) not in accepted:
            self.source.lose(child, "fixed")

    def content(self, child: Element) -> bytes | None:
        """The bytes of a binary object, or a loss."""
        packed = "".join(self.value(child, "mimeCode", "filename").split())
        try:
            return b64decode(packed, validate=True)
        except (Base64Error, ValueError):
            self.source.lose(child, "base64")
            return None


def _listed(found: Element | list[Element]) -> list[Element]:
    """In document order."""
    return found[::-1] if type(found) is list else [cast("Element", found)]


def _taken(parent: Element, first_left: Element) -> set[str]:
    """The tag of `first_left`, where an element of that name stands before it (and so was taken)."""
    previous = first_left.getprevious()
    while previous is not None:
        if previous.tag == first_left.tag:
            return {first_left.tag}
        previous = previous.getprevious()
    return set()


def _expand(paths: Paths, element: Element, attribute: str | None, reason: str) -> Iterator[Loss]:
    """One loss for an attribute; for an element, one for every leaf and attribute in it."""
    en, ar = _REASONS[reason]
    if attribute == "text()" or reason == "root":
        place = paths.of(element) + ("/text()" if attribute else "")
        yield Loss(xpath=place, value=text_of(element).strip(XML_SPACE), en=en, ar=ar)
        return
    if attribute is not None:
        yield Loss(xpath=paths.of(element, attribute), value=element.get(attribute, ""), en=en, ar=ar)
        return
    for each in element.iter(etree.Element):
        text = text_of(each)
        if text.strip(XML_SPACE) or next(each.iterchildren(etree.Element), None) is None:
            yield Loss(xpath=paths.of(each), value=text, en=en, ar=ar)
        if reason in ("unknown", "repeated"):
            for name, value in each.items():
                yield Loss(xpath=paths.of(each, name), value=value, en=en, ar=ar)
