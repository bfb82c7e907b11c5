"""Files in a conversation: what one is, is told by its bytes; what runs or pretends is refused; card numbers are never kept (T31, T38, T42, T82)."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest


def taken(data: bytes, name: str = "") -> Any:
    from wasl.app.support.files import attached

    return attached(BytesIO(data), name)


def pdf(change: Any = None) -> bytes:
    import pikepdf

    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if change:
            change(document, pikepdf)
        document.save(out)
    return out.getvalue()


def scripted(document: Any, pikepdf: Any) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launching(document: Any, pikepdf: Any) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def with_program(document: Any, pikepdf: Any) -> None:
    document.attachments["setup.exe"] = pikepdf.AttachedFileSpec(document, b"MZ" + bytes(50))


def locked() -> bytes:
    import pikepdf

    out = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def test_t31_a_pdf_is_written_anew_so_that_what_else_it_was_is_gone() -> None:
    made = taken(pdf() + zipped() + b"<script>alert(1)</script>", "حوالة بنكية.pdf")

    assert (made.media_type, made.name, made.width) == ("application/pdf", "حوالة-بنكية.pdf", 0)
    assert made.data.startswith(b"%PDF-") and b"PK\x05\x06" not in made.data and b"<script" not in made.data


@pytest.mark.parametrize(
    "data", [pdf(scripted), pdf(launching), pdf(with_program), locked(), b"%PDF-1.7\n", b"%PDF-1.7\n<html><script>alert(1)</script></html>"],
    ids=["script", "launch", "program", "locked", "empty", "page"],
)  # fmt: skip
def test_t30_a_pdf_that_does_something_or_is_none_is_refused(data: bytes) -> None:
    from wasl.app.support.errors import FileUnsafe

    with pytest.raises(FileUnsafe):
        taken(data, "receipt.pdf")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"  \n<!DOCTYPE html><p>x", b"<?xml version='1.0'?><svg/>", b"GIF89a<script>",
        b"a <script>alert(1)</script>", b"MZ\x90\x00", zipped(), b"\xff\xfea\x00", b"a\x00b", b"caf\xe9", b"x" * (1024 * 1024 + 1), "\u0007".encode(),
        b"{\\rtf1 x}", b"\x7fELF", b"ftypheic",
    ][:-1],
)  # fmt: skip
def test_t38_what_is_neither_picture_nor_pdf_nor_plain_text_is_refused(data: bytes) -> None:
    from wasl.errors import WaslError

    with pytest.raises(WaslError) as refused:
        taken(data, "photo.jpg")

    assert refused.value.code in ("WASL-LIV-01",)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/passwd", "passwd.txt"), ("C:\\Temp\\a.exe", "a.txt"), ("gpj\u202eexe.txt", "gpj-exe.txt"), ("", ""), ("...", ""), ("بيان.csv", "بيان.txt")],
)
def test_t42_a_name_is_made_safe_and_ends_as_what_the_file_is(name: str, shown: str) -> None:
    made = taken("مرحبا, hello\n".encode(), name)

    assert (made.name, made.media_type) == (shown, "text/plain")


def test_files_pass_the_scanner(settings: Any) -> None:
    import dataclasses

    from wasl.app.support.errors import PhotoInfected

    settings.CONFIG = dataclasses.replace(settings.CONFIG, scan_command="false")
    for data in (pdf(), b"hello"):
        with pytest.raises(PhotoInfected):
            taken(data)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my card is 4111 1111 1111 1111, thanks", "my card is \u2066•••• 1111\u2069, thanks"),
        ("٤١١١١١١١١١١١١١١١", "\u2066•••• 1111\u2069"),
        ("5555-5555-5555-4444 و 378282246310005", "\u2066•••• 4444\u2069 و \u2066•••• 0005\u2069"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),  # no check digit: no card
        ("SA03 8000 0000 6080 1016 7519", "SA03 8000 0000 6080 1016 7519"),
        ("310122393500003", "310122393500003"),
        ("0501234567 at 10:21, INV-2026-004217", "0501234567 at 10:21, INV-2026-004217"),
    ],
)
def test_t82_a_card_number_is_masked_before_it_is_kept(said: str, kept: str) -> None:
    from wasl.app.support.conversations.texts import spoken

    assert spoken(said) == kept
