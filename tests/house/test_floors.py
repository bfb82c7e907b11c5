"""What import-linter cannot say: a library of floors 0 and 1 that opens no socket and starts fast."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "wasl"
LIBRARY = ["invoice", "formats", "rules", "seal", "ledger", "render", "regimes"]
NETWORK = {"urllib.request", "socket", "ssl", "http", "http.client", "smtplib", "imaplib", "ftplib", "asyncio", "httpx", "requests"}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("package", LIBRARY)
def test_the_library_imports_no_network_module(package):
    found = {str(path.relative_to(SOURCE)): sorted(imports(path) & NETWORK) for path in (SOURCE / package).rglob("*.py")}

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("package", LIBRARY)
def test_the_library_works_without_django(package):
    code = f"import sys; sys.modules['django'] = None; import wasl.{package}; assert 'psycopg' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-500:]


def test_no_float_touches_an_amount():
    """`float(` and true division of floats have no place where money is computed."""
    money = [*(SOURCE / "invoice").rglob("*.py"), *(SOURCE / "formats").rglob("*.py"), *(SOURCE / "app" / "payments").rglob("*.py")]
    calls = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in money
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]

    assert [call for call in calls if "formats/pdf_" not in call] == []  # a place on a page of a PDF is no amount
