"""GPL only among development tools: every package of the runtime lock has a licence that Apache-2.0 may stand beside."""

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# LGPL libraries are used unchanged through their public interface and can be replaced by the user.
ALLOWED = re.compile(r"\b(MIT|BSD|Apache|ISC|MPL|PSF|Python Software Foundation|LGPL|Lesser General Public|OFL|Unlicense|Zlib|HPND|MIT-CMU|PostgreSQL|CC0|0BSD|Public Domain|Historical)", re.I)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|General Public License)", re.I)
PLATFORM_ONLY = {"colorama"}  # Windows


def locked(name: str) -> list[str]:
    return re.findall(r"^([a-z0-9_.-]+)==", (ROOT / "requirements" / name).read_text(), re.M)


def licence(package: str) -> str:
    info = metadata.metadata(package)
    classifiers = [line.split("::")[-1].strip() for line in info.get_all("Classifier") or [] if line.startswith("License ::")]
    return " / ".join(filter(None, [info.get("License-Expression"), *classifiers, (info.get("License") or "")[:60]]))


@pytest.mark.parametrize("package", [name for name in locked("runtime.txt") + locked("data.txt") if name not in PLATFORM_ONLY])
def test_runtime_package_is_permissive(package):
    text = licence(package)

    assert ALLOWED.search(text), f"{package}: licence {text!r} is not in the list"
    assert not FORBIDDEN.search(re.sub(r"Lesser General Public|LGPL\S*", "", text)), f"{package}: {text!r}"


def test_every_locked_package_is_hashed_and_no_index_is_named():
    for name in ("runtime.txt", "dev.txt", "build.txt", "data.txt"):
        text = (ROOT / "requirements" / name).read_text()

        assert len(re.findall(r"^\S+==", text, re.M)) <= text.count("--hash=sha256:")
        assert not re.search(r"https?://|--index|--find-links|file:", text), f"{name} names a place"
