"""Statement files: choose or paste one, look at what is in it, say what its columns are, import it, see how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wasl.app.console.access import member, show
from wasl.app.console.statements_in import queries, words
from wasl.app.invoicing.accounts import current_accounts
from wasl.app.payments.statements.advance import advance
from wasl.app.payments.statements.errors import FileUnknown, OtherAccount
from wasl.app.payments.statements.models import StatementFile
from wasl.app.payments.statements.take_in import CHECKED_BYTES_MAX, Preview, begin, columns_of, discard, find_file, preview, take_in, typed_columns
from wasl.app.payments.statements.tasks import import_file
from wasl.app.ui import format, uploads
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.errors import UnreadableInput, WaslError
from wasl.formats.statements import Columns, Squeezed
from wasl.formats.statements.source import BYTES_MAX
from wasl.invoice.codes import CURRENCIES

FILES_SHOWN = 30
UPLOADS = Limit(60, 3600)
AT_ONCE_BYTES = 400_000  # compressed: a file of a few thousand movements is imported while its reader waits

uploads.allow_large("console-bank-import", BYTES_MAX)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def upload(request: Any) -> HttpResponse:
    """The form, and what was imported before."""
    problem = ""
    if request.method == "POST":
        if not UPLOADS.spend(str(request.user.pk)):
            return too_many(request, UPLOADS.seconds)
        try:
            return _taken(request)
        except UnreadableInput as error:
            problem = error.message(current())
    rows = StatementFile.objects.for_org(request.org).defer("data").exclude(state=StatementFile.DISCARDED).order_by("-created_at")[:FILES_SHOWN]
    found = [(row, words.file_state(row), words.kind(row.kind)) for row in rows]
    return show(request, "console/statements_in/upload.html", "bank", status=422 if problem else 200, problem=problem, rows=found)


def _taken(request: Any) -> HttpResponse:
    given = request.FILES.get("statement")
    text = request.POST.get("text", "").strip()
    if given is None and uploads.was_too_large(request):
        from wasl.formats.statements.source import too_large

        raise too_large()
    if given is not None:
        chunks: Iterator[bytes] = Squeezed(given.read()).chunks() if uploads.is_squeezed(given) else iter([given.read()])
        name = given.name
    else:
        chunks, name = iter([text.encode()]), _("Pasted text")
    taken = take_in(request.org, name, chunks, actor=request.actor)
    if len(taken) == 1:
        if taken[0].is_known:
            messages.success(request, _("This very file is here already. Nothing is imported twice."))
        return redirect("console-bank-file", slug=request.org.slug, file_id=taken[0].file.pk)
    messages.success(request, _("The package held several statements; each stands in the list."))
    return redirect("console-bank-import", slug=request.org.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def file(request: Any, file_id: UUID) -> HttpResponse:
    """One file: its preview, its progress, or what came of it."""
    try:
        row = find_file(request.org, file_id, with_data=True)
    except FileUnknown:
        raise Http404 from None
    if request.method == "POST":
        return _act(request, row)
    if row.state == StatementFile.PREVIEW:
        return _preview_page(request, row)
    return _result_page(request, row)


def _act(request: Any, row: StatementFile) -> HttpResponse:
    here = redirect("console-bank-file", slug=request.org.slug, file_id=row.pk)
    wanted = request.POST.get("act", "")
    try:
        if wanted == "discard":
            discard(row, actor=request.actor)
            messages.success(request, _("Thrown away; nothing of it was imported."))
            return redirect("console-bank-import", slug=request.org.slug)
        if row.state != StatementFile.PREVIEW:
            return here
        columns = _typed(request, row) if row.kind == "table" else None
        seen = preview(row, columns)
        if wanted == "show" or seen.trouble is not None:
            return _preview_page(request, row, seen, status=200 if wanted == "show" else 422)
        _refuse_foreign(request.org, seen)
        begin(row, actor=request.actor, columns=seen.columns)
    except WaslError as error:
        return _preview_page(request, row, problem=error.message(current()), status=422)
    if len(row.data or b"") <= AT_ONCE_BYTES:
        advance(request.org.pk, row.pk)
    else:
        import_file.defer(org_id=str(request.org.pk), file_id=str(row.pk))
    return here


def _typed(request: Any, row: StatementFile) -> Columns:
    before = columns_of(row) or preview(row).columns or Columns()
    return typed_columns(request.POST, before)


def _refuse_foreign(org: Any, seen: Preview) -> None:
    """A statement of an account that is none of ours books somebody else's money. One without any number is taken as it is."""
    account = seen.head.account if seen.head else ""
    if not account:
        return
    ours = [iban for _used, iban, _holder, _bic in current_accounts(org.pk)]
    # MT940 often gives the bank's own number, which is a part of the IBAN
    tail = account.rpartition("/")[2].lstrip("0")
    if ours and not any(account == iban or (len(tail) >= 6 and tail in iban) for iban in ours):
        raise OtherAccount(account=account)


def _preview_page(request: Any, row: StatementFile, seen: Preview | None = None, *, problem: str = "", status: int = 200) -> HttpResponse:
    seen = seen or preview(row)
    trouble = seen.trouble.message(current()) if seen.trouble else problem
    accounts = [(iban, used.currency) for used, iban, _holder, _bic in current_accounts(request.org.pk)]
    columns = seen.columns
    if columns is not None and not columns.own_account and not columns.own_currency and len(accounts) == 1:
        import msgspec

        columns = msgspec.structs.replace(columns, own_account=accounts[0][0], own_currency=accounts[0][1])
        if seen.trouble is not None:
            seen = preview(row, columns)
            trouble = seen.trouble.message(current()) if seen.trouble else problem
    width = max((len(cells) for cells in seen.rows), default=0)
    guessed = {columns.own_currency} & CURRENCIES if columns else set[str]()
    return show(
        request, "console/statements_in/preview.html", "bank", status=status, row=row, seen=seen, trouble=trouble, columns=columns,
        roles=words.roles(), chosen=_chosen(columns, width), kind=words.kind(row.kind), is_long=len(row.data or b"") > CHECKED_BYTES_MAX,
        account_choices=_accounts(accounts, columns),
        currency_choices=[("", _("Choose")), *((code, code) for code in sorted({own for _iban, own in accounts} | {request.org.currency} | guessed))],
    )  # fmt: skip


def _accounts(accounts: list[tuple[str, str]], columns: Columns | None) -> list[tuple[str, str]]:
    """The account that the file names, ours, and none."""
    named = [columns.own_account] if columns and columns.own_account else []
    found = dict.fromkeys([*named, *(iban for iban, _currency in accounts)])
    return [*((iban, format.iban(iban)) for iban in found), ("", _("Not said"))]


def _chosen(columns: Columns | None, width: int) -> list[str]:
    """The role of each column, "" where it has none."""
    found = [""] * width
    if columns is not None:
        for name in Columns.__struct_fields__:
            places = getattr(columns, name)
            for at in places if isinstance(places, tuple) else (places,):
                if name not in ("header", "dates", "decimal", "own_account", "own_currency") and isinstance(at, int) and at < width:
                    found[at] = name
    return found


def _result_page(request: Any, row: StatementFile) -> HttpResponse:
    found = queries.counts(request.org, row.pk)
    trouble = (row.trouble or {}).get(current(), "") if row.state == StatementFile.REFUSED else ""
    done = row.position if row.state in (StatementFile.STORING, StatementFile.MATCHING, StatementFile.APPLYING) else 0
    return show(
        request, "console/statements_in/result.html", "bank", row=row, state=words.file_state(row), counts=found, trouble=trouble, done=done,
        is_moving=row.state in StatementFile.MOVING, kind=words.kind(row.kind), known=max((row.total or 0) - row.fresh, 0),
        list_url=f"{reverse('console-bank', args=[request.org.slug])}?file={row.pk}",
    )  # fmt: skip
