"""A file arrives: opened, told what it is, kept compressed, shown before anything is imported. The same bytes twice are one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from wasl.app import clock
from wasl.app.payments.statements.errors import AlreadyBegun, FileUnknown
from wasl.app.payments.statements.models import StatementFile
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.errors import UnreadableInput
from wasl.formats import statements
from wasl.formats.statements import Columns, Foot, Head, Line, Squeezed
from wasl.formats.statements import columns as columns_module

PREVIEW_LINES = 12
CHECKED_BYTES_MAX = 3_000_000  # a smaller file is read whole for its preview: about a second
NAME_CHARS_MAX = 200


@dataclass(frozen=True)
class Taken:
    """A file that is here now; `is_known`: its very bytes were here before."""

    file: StatementFile
    is_known: bool


@dataclass(frozen=True)
class Preview:
    """What a person sees before the import. `trouble` is why it cannot be imported as it stands."""

    head: Head | None
    lines: tuple[Line, ...]
    count: int | None  # None: the file is long, and counted while it is imported
    total_in: int = 0
    total_out: int = 0
    is_proven: bool = False
    trouble: UnreadableInput | None = None
    rows: tuple[tuple[str, ...], ...] = ()  # of a table: its first rows as they are
    columns: Columns | None = None
    statements: int = 0


def take_in(org: Any, name: str, chunks: Iterable[bytes], *, actor: Actor) -> list[Taken]:
    """Keep an upload: the statement itself, or each one in a ZIP. Raises `UnreadableInput` subclasses; nothing is kept then."""
    org_id: UUID = getattr(org, "pk", org)
    require(org_id, actor)
    packed = Squeezed(statements.squeeze(chunks))
    found = [(each, source, statements.kind_of(source)) for each, source in statements.unpack(packed, name)]
    return [_keep(org_id, each, source, kind, actor) for each, source, kind in found]


def _keep(org_id: UUID, name: str, source: statements.Source, kind: str, actor: Actor) -> Taken:
    digest = hashlib.sha256()
    for chunk in source.chunks():
        digest.update(chunk)
    data = source.data if isinstance(source, Squeezed) else statements.squeeze(source.chunks())
    known = _known(org_id, digest.digest())
    if known is not None:
        return Taken(known, True)
    row = StatementFile(
        organisation_id=org_id, name=" ".join(name.split())[:NAME_CHARS_MAX] or "statement", sha256=digest.digest(), kind=kind, data=data,
        uploaded_by_id=actor.person_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit(org_id, actor, "statement.upload", "statement", row.pk, {"kind": kind})
    except IntegrityError:  # somebody uploaded the same bytes at the same moment
        known = _known(org_id, digest.digest())
        if known is None:
            raise
        return Taken(known, True)
    return Taken(row, False)


def _known(org_id: UUID, sha256: bytes) -> StatementFile | None:
    gone = (StatementFile.REFUSED, StatementFile.DISCARDED)
    return StatementFile.objects.for_org(org_id).filter(sha256=sha256).exclude(state__in=gone).defer("data").first()


def find_file(org: Any, file_id: UUID, *, with_data: bool = False) -> StatementFile:
    """Raises FileUnknown, also for another organisation's."""
    rows = StatementFile.objects.for_org(org)
    row = (rows if with_data else rows.defer("data")).filter(pk=file_id).first()
    if row is None:
        raise FileUnknown
    return row


def source_of(file: StatementFile) -> Squeezed:
    return Squeezed(bytes(file.data or b""))


def columns_of(file: StatementFile) -> Columns | None:
    """What a person said, or last said for a table of the same shape; None for other kinds of files."""
    return msgspec.convert(file.columns, Columns) if file.columns else None


def last_columns(org: Any) -> Columns | None:
    """The mapper as it was left at the last table."""
    row = StatementFile.objects.for_org(org).filter(kind="table", columns__isnull=False).order_by("-created_at").values("columns").first()
    return msgspec.convert(row["columns"], Columns) if row else None


def preview(file: StatementFile, columns: Columns | None = None) -> Preview:
    """What would be imported; never raises for what is wrong with the file."""
    source = source_of(file)
    rows: tuple[tuple[str, ...], ...] = ()
    try:
        if file.kind == "table":
            sample = statements.sample_of(source)
            rows = tuple(tuple(row[:20]) for row in sample[:8])
            columns = columns or columns_of(file) or _guessed(file, sample)
        return _shown(statements.stream(source, columns=columns), rows, columns, is_long=_size(source) > CHECKED_BYTES_MAX)
    except UnreadableInput as trouble:
        return Preview(None, (), None, trouble=trouble, rows=rows, columns=columns)


def _guessed(file: StatementFile, sample: list[list[str]]) -> Columns:
    """Our guess, completed by what the organisation said of its last table with equal columns."""
    guess = statements.guess(sample)
    before = last_columns(file.organisation_id)
    if before is None:
        return guess
    fields = {name: getattr(guess, name) for name in Columns.__struct_fields__}
    past = {name: getattr(before, name) for name in Columns.__struct_fields__}
    same = all(fields[name] == past[name] for name in ("booked", "amount", "debit", "credit") if fields[name] is not None)
    if not same:
        return guess
    settled = {name: value for name, value in fields.items() if value not in (None, "", ())}
    return msgspec.convert(past | settled, Columns)


def _size(source: Squeezed) -> int:
    size = 0
    for chunk in source.chunks():
        size += len(chunk)
        if size > CHECKED_BYTES_MAX:
            break
    return size


def _shown(parts: Iterator[Any], rows: tuple[tuple[str, ...], ...], columns: Columns | None, *, is_long: bool) -> Preview:
    head: Head | None = None
    lines: list[Line] = []
    count = came = went = heads = 0
    proven: list[bool] = []
    for part in parts:
        if isinstance(part, Head):
            head, heads = head or part, heads + 1
        elif isinstance(part, Line):
            count += 1
            came, went = came + max(part.amount, 0), went + max(-part.amount, 0)
            if len(lines) < PREVIEW_LINES:
                lines.append(part)
            elif is_long:
                return Preview(head, tuple(lines), None, rows=rows, columns=columns, statements=heads)
        elif isinstance(part, Foot):
            proven.append(part.is_checked)
    return Preview(head, tuple(lines), count, came, went, bool(proven) and all(proven), rows=rows, columns=columns, statements=heads)


@transaction.atomic
def begin(file: StatementFile, *, actor: Actor, columns: Columns | None = None) -> StatementFile:
    """Start the import of a file that was looked at. Raises AlreadyBegun."""
    require(file.organisation_id, actor)
    locked = StatementFile.objects.for_org(file.organisation_id).defer("data").select_for_update().get(pk=file.pk)
    if locked.state != StatementFile.PREVIEW:
        raise AlreadyBegun
    locked.columns = msgspec.to_builtins(columns) if columns is not None else locked.columns
    locked.state, locked.moved_at = StatementFile.CHECKING, clock.now()
    locked.save(update_fields=["columns", "state", "moved_at"])
    audit(file.organisation_id, actor, "statement.import", "statement", file.pk, {"kind": file.kind})
    return locked


@transaction.atomic
def discard(file: StatementFile, *, actor: Actor) -> None:
    """Throw away a file that was only looked at. Raises AlreadyBegun."""
    require(file.organisation_id, actor)
    locked = StatementFile.objects.for_org(file.organisation_id).defer("data").select_for_update().get(pk=file.pk)
    if locked.state not in (StatementFile.PREVIEW, StatementFile.REFUSED):
        raise AlreadyBegun
    locked.state, locked.data = StatementFile.DISCARDED, None
    locked.save(update_fields=["state", "data"])
    audit(file.organisation_id, actor, "statement.discard", "statement", file.pk)


def typed_columns(form: Mapping[str, str], before: Columns) -> Columns:
    """The mapper as a person left it: "column-3" names the role of the fourth column. What is missing stays as it was."""
    roles: dict[str, list[int]] = {}
    for at in range(20):
        role = form.get(f"column-{at}", "")
        if role in columns_module.ROLES:
            roles.setdefault(role, []).append(at)
    fields: dict[str, Any] = {name: (roles.get(name) or [None])[0] for name in columns_module.SINGLE}
    fields |= {name: tuple(roles.get(name, ())) for name in columns_module.SEVERAL}
    header = form.get("header", "")
    is_number = header.isascii() and header.isdigit() and len(header) < 4
    fields["header"] = min(int(header), columns_module.HEADER_ROWS_MAX) if is_number else before.header
    fields["dates"] = form.get("dates") if form.get("dates") in ("dmy", "mdy", "ymd") else None
    fields["decimal"] = form.get("decimal") if form.get("decimal") in (".", ",") else None
    fields["own_account"] = form.get("own_account", before.own_account)[:64]
    fields["own_currency"] = form.get("own_currency", before.own_currency)[:3].upper()
    return msgspec.convert(fields, Columns)
