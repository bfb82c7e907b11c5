"""Errors of the rule compiler and of a single rule's evaluation."""

from __future__ import annotations

from wasl.errors import EnvironmentFault, UnreadableInput, WaslError, Words


class Unsupported(WaslError):
    """A sheet uses something the compiler does not translate: the whole build is refused, by name, never skipped."""

    code = "WASL-RULES-01"
    en = "The rule sheet cannot be compiled: {what}, in {where}. Nothing was skipped: correct it there, or report it with the sheet."
    ar = "تعذّرت ترجمة مجموعة القواعد: {what}، في {where}. لم يُتجاوز شيء: صحّحها في هذا الموضع، أو أبلغ عن ذلك مع المجموعة."
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


class BadSheetName(WaslError):
    """A name that cannot be part of `user:NAME`."""

    code = "WASL-RULES-05"
    en = "A sheet cannot be called {name!r}. Choose 1 to 40 of a-z, 0-9, point and hyphen with --name, for example --name house-rules."
    ar = "لا يصلح {name!r} اسمًا لمجموعة قواعد. اختر بالخيار --name اسمًا من 1 إلى 40 من الحروف a-z والأرقام والنقطة والشرطة."
    exit_code = 2


class NoSuchSheet(WaslError):
    """There is no own sheet of this name."""

    code = "WASL-RULES-06"
    en = "You have no rule sheet called {name}. Yours are: {known}. Add one with `wasl rules add FILE`."
    ar = "ليست لديك مجموعة قواعد باسم {name}. لديك: {known}. أضف واحدة بالأمر `wasl rules add FILE`."
    exit_code = 2


class SheetTaken(WaslError):
    """A sheet of this name is there already."""

    code = "WASL-RULES-07"
    en = "You already have a rule sheet called {name}. Choose another name with --name, or replace that one with --replace."
    ar = "لديك مجموعة قواعد باسم {name}. اختر اسمًا آخر بالخيار --name أو استبدلها بالخيار --replace."
    exit_code = 2


class UnknownSyntax(WaslError):
    """A sheet whose contexts are neither UBL nor CII, or of another syntax than the profile that it is added on."""

    code = "WASL-RULES-08"
    en = "It is not clear which invoices the sheet {name} is for: {why}. Name the syntax with --syntax ubl or --syntax cii."
    ar = "لا يتضح لأي فواتير مجموعة القواعد {name}: {why}. حدّد الصيغة بالخيار --syntax ubl أو --syntax cii."
    exit_code = 2


class SheetFolderUnsafe(EnvironmentFault):
    """The folder of the user's sheets belongs to somebody else, or others may write it."""

    code = "WASL-RULES-09"
    en = "The folder {path} is not yours alone, so the rule sheets in it are not used. Make it yours: chmod 700."
    ar = "المجلد {path} ليس لك وحدك، فلا تُستعمل مجموعات القواعد التي فيه. اجعله لك وحدك: chmod 700."


class NoSuchSet(WaslError):
    """The caller named a rule set that is unknown."""

    code = "WASL-RULES-10"
    en = "There is no rule set called {name}. Use one of: {known}; or the path of a sheet (.sch, .xsl, .xslt)."
    ar = "لا توجد مجموعة قواعد باسم {name}. استعمل إحدى هذه: {known}، أو مسار ملف (‎.sch أو ‎.xsl أو ‎.xslt)."
    exit_code = 2


class TooManyFindings(UnreadableInput):
    """A document at fault in so many places that nobody could read them: its export is broken, not its figures."""

    code = "WASL-RULES-19"
    en = "The document breaks rules in more than {limit} places (for one, {rule}), so they are not listed. Fix: correct the export that made it."
    ar = "يخالف المستند القواعد في أكثر من {limit} موضع (منها {rule}) فلا تُسرد. الحل: صحّح برنامج التصدير الذي أنتجه."


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
