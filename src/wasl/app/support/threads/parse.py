"""A mail's bytes to what a conversation takes of it: who wrote, the new words, the files. Charsets as declared where they are one
of the list, told from the bytes where they are not; parts, depth and sizes are bounded; nothing in it is believed or run."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Mail
from email.utils import getaddresses

from wasl.app.support.cards import masked
from wasl.app.support.threads.plain import plain
from wasl.app.support.threads.quotes import new_in

PARTS_MAX = 100
DEPTH_MAX = 12
FIELD_CHARS_MAX = 2_000
TEXT_CHARS_MAX = 400_000  # of one text part; longer is no letter
FILES_MAX = 20  # looked at
LOGO_BYTES_MAX = 30_000  # a picture inside the markup below this is a signature's ornament
# Names that mail programs write; anything else a codec may answer to (zip, idna, unicode_escape) is none
_CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "windows-1256": "cp1256", "cp1256": "cp1256", "iso-8859-6": "iso8859-6",
    "iso-8859-6-i": "iso8859-6", "iso-8859-6-e": "iso8859-6", "asmo-708": "iso8859-6", "windows-1252": "cp1252", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "iso-8859-15": "iso8859-15", "iso-8859-9": "cp1254", "windows-1254": "cp1254",
    "windows-1250": "cp1250", "iso-8859-2": "iso8859-2",
    "windows-1251": "cp1251", "koi8-r": "koi8-r", "windows-1255": "cp1255", "iso-8859-8": "iso8859-8", "utf-16": "utf-16", "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "shift_jis": "shift_jis",
    "iso-2022-jp": "iso2022_jp",
    "euc-kr": "euc-kr", "unicode-1-1-utf-7": "utf-8",
}  # fmt: skip
_REF = re.compile(r"<[!-;=?-~]{1,230}>")  # printable ASCII without brackets and blanks: safe in a header of ours


@dataclass(frozen=True)
class Part:
    """A file of a mail: its bytes, and what its sender called it. What it claims to be is not even kept."""

    data: bytes
    name: str


@dataclass
class Read:
    """A mail as it was read. `text` is what is new in it; `senders` are all addresses of From, lower case."""

    senders: list[str]
    message_ref: str
    text: str
    files: list[Part] = field(default_factory=list)
    files_left: int = 0  # what is only in the original: beyond a bound, or a mail inside the mail
    has_card: bool = False  # a card's number stands in it, be it in what was cut


def headers(data: bytes) -> Mail:
    """The fields of a mail whose body is not looked at."""
    return message_from_bytes(data, policy=policy.compat32)


def message_ref(mail: Mail) -> str:
    """Its Message-ID as it may stand in a header of ours; "" for any other."""
    found = _REF.search(str(mail.get("Message-ID") or "")[:FIELD_CHARS_MAX])
    return found.group() if found else ""


def senders(mail: Mail) -> list[str]:
    """Every address of From; a mail with two is nobody's in particular."""
    fields = [words(str(each))[:FIELD_CHARS_MAX] for each in mail.get_all("From", [])[:5]]
    return [address.strip().lower()[:254] for _name, address in getaddresses(fields) if "@" in address]


def words(text: str) -> str:
    """A header field decoded (RFC 2047); what cannot be is left as it is."""
    try:
        parts = decode_header(text[:FIELD_CHARS_MAX])
    except (HeaderParseError, ValueError):
        return text[:FIELD_CHARS_MAX]
    return "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text: by the charset where it is known and fits, else UTF-8, else the Arabic of Windows, else as Western as it gets."""
    known = _CHARSETS.get(charset.strip().strip("\"'").lower())
    for name in dict.fromkeys([known or "utf-8", "utf-8"]):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, ValueError):
            continue
    arabic = data.decode("cp1256", "replace")
    letters = sum("\u0600" <= char <= "\u06ff" for char in arabic)
    return arabic if letters * 3 >= sum(byte >= 0x80 for byte in data) else data.decode("cp1252", "replace")


def read(mail: Mail) -> Read:
    """The whole of it. The caller has measured the bytes (delivery.bounds)."""
    found = Read(senders(mail), message_ref(mail), "")
    texts: list[str] = []
    markup: list[str] = []
    _collect(mail, found, texts, markup)
    found.has_card = any(masked(text) != text for text in [*texts, *map(plain, markup)])
    own = new_in("\n".join(texts)) if any(text.strip() for text in texts) else _new_of(markup)
    found.text = tidy(own)
    return found


def _new_of(markup: list[str]) -> str:
    """The new words of HTML; where its quotes were all there was, the whole."""
    joined = "\n".join(markup)
    return new_in(plain(joined)) or new_in(plain(joined, with_quotes=True))


def _collect(mail: Mail, found: Read, texts: list[str], markup: list[str]) -> None:
    """Go through the parts, breadth bounded and depth bounded; a mail inside the mail is not opened."""
    waiting: list[tuple[Mail, int, bool]] = [(mail, 0, False)]
    seen = 0
    while waiting:
        part, depth, is_related = waiting.pop()
        seen += 1
        if seen > PARTS_MAX or depth > DEPTH_MAX:
            found.files_left += 1
            continue
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "multipart/alternative" and isinstance(payload, list):
            _alternative(payload, depth, waiting)
        elif kind.startswith("multipart/") and isinstance(payload, list):
            related = is_related or kind == "multipart/related"
            waiting += [(each, depth + 1, related) for each in reversed(payload) if isinstance(each, Mail)]
        elif kind.startswith(("message/", "multipart/")):
            found.files_left += 1
        else:
            _leaf(part, kind, is_related, found, texts, markup)


def _alternative(payload: list[object], depth: int, waiting: list[tuple[Mail, int, bool]]) -> None:
    """One of several forms of the same: the plain one where it says something, else the others, with what hangs on them."""
    parts = [each for each in payload if isinstance(each, Mail)]
    plains = [each for each in parts if each.get_content_type() == "text/plain" and text_of(each).strip()]
    with_files = [each for each in parts if each.get_content_maintype() == "multipart"]
    waiting += [(each, depth + 1, False) for each in reversed([*plains[:1], *with_files] if plains else parts)]


def _leaf(part: Mail, kind: str, is_related: bool, found: Read, texts: list[str], markup: list[str]) -> None:
    is_file = part.get_content_disposition() == "attachment"
    if kind in ("text/plain", "text/html") and not is_file:
        (texts if kind == "text/plain" else markup).append(text_of(part))
        return
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data or (is_related and not is_file and kind.startswith("image/") and len(data) <= LOGO_BYTES_MAX):
        return
    if len(found.files) >= FILES_MAX:
        found.files_left += 1
    else:
        found.files.append(Part(data, _name(part)))


def _name(part: Mail) -> str:
    try:
        return words(str(part.get_filename() or ""))[:200]
    except (LookupError, ValueError):
        return ""


def text_of(part: Mail) -> str:
    """The text of a part, its soft line breaks joined (RFC 3676)."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = decoded(data[: 4 * TEXT_CHARS_MAX], str(part.get_param("charset") or ""))[:TEXT_CHARS_MAX]
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    joined: list[str] = []
    is_soft = False
    drop = str(part.get_param("delsp") or "").lower() == "yes"
    for line in text.replace("\r\n", "\n").split("\n"):
        line = line[1:] if line.startswith(" ") else line  # space-stuffed
        if is_soft and not line.startswith(">"):
            joined[-1] += line
        else:
            joined.append(line)
        is_soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if is_soft and drop:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def tidy(text: str) -> str:
    """Without what nobody typed: controls, overrides of direction, lone surrogates, more than one blank line."""
    clean = "".join(
        char for char in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        if char == "\n" or (unicodedata.category(char) not in ("Cc", "Cs", "Cn") and char not in "\u202d\u202e\ufeff\ufffe\uffff")
    )  # fmt: skip
    lines: list[str] = []
    for line in clean.split("\n"):
        kept = line.rstrip()
        if kept or (lines and lines[-1]):
            lines.append(kept)
    return "\n".join(lines).strip()
