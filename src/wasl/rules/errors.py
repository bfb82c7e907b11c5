"""Errors of the rule compiler and of a single rule's evaluation."""

from __future__ import annotations

from wasl.errors import WaslError, Words


class Unsupported(WaslError):
    """A sheet uses something the compiler does not translate: the whole build is refused, by name, never skipped."""

    code = "WASL-RULES-01"
    en = "The rule sheet cannot be compiled: {what}, in {where}. Report it with the sheet; nothing was skipped."
    ar = "تعذّرت ترجمة مجموعة القواعد: {what}، في {where}. أبلغ عن ذلك مع المجموعة؛ لم يُتجاوز شيء."
    exit_code = 5


class UnknownProfile(WaslError):
    """The caller named a profile that is not installed."""

    code = "WASL-RULES-02"
    en = "There is no profile called {profile}. Use one of: {known}."
    ar = "لا يوجد ملف قواعد باسم {profile}. استعمل واحدًا مما يلي: {known}."
    exit_code = 2


class UnsupportedDocument(WaslError):
    """The document's root is nothing the profile has rules for."""

    code = "WASL-RULES-03"
    en = "The profile {profile} has no rules for a document whose root is {root}. Give {wanted}."
    ar = "لا يحتوي الملف {profile} على قواعد لمستند جذره {root}. أرفق {wanted}."
    exit_code = 2


class MissingSet(WaslError):
    """A rule set whose package is not installed. `install` is the command that brings it."""

    code = "WASL-RULES-04"
    en = "The rule set {set} is not installed. It comes with {distribution} ({extra}): run `{install}`."
    ar = "مجموعة القواعد {set} غير مثبّتة. مصدرها {distribution} ({extra})، نفّذ: {install}"
    exit_code = 4

    @property
    def words(self) -> Words:
        """The reason of an unchecked set, in both languages."""
        return Words(self.message("en"), self.message("ar"))


class XPathError(Exception):
    """A dynamic error of XPath: the rule cannot be evaluated on this document.

    `code` is the error code of the XPath specification; `value` the text that could not be used and `wanted` what the
    rule needed there ("decimal", "double", "date", "boolean", "single"), so that a person can be told why.
    """

    def __init__(self, code: str, wanted: str, value: str = "") -> None:
        super().__init__(f"{code}: {value!r} is not {wanted}")
        self.code = code
        self.wanted = wanted
        self.value = value
