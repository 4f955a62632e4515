"""openapi.yaml and docs/errors.md match the code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from authentication.api.errors import INPUT_CODES, catalogue
from tools import documents

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("variables", [{"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "DOCS": "off"}])
def test_the_documents_are_up_to_date_whatever_the_settings(variables: dict[str, str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tools.documents", "--check"],
        cwd=documents.ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_a_stale_document_is_named_with_the_command_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    assert documents.main([]) == 0
    assert documents.main(["--check"]) == 0
    (tmp_path / "docs/errors.md").write_text("# Errors\n")

    assert documents.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/errors.md is out of date: run `make schema`.\n"

    (tmp_path / "openapi.yaml").unlink()
    assert documents.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "openapi.yaml and docs/errors.md are out of date: run `make schema`.\n"
    )


def test_an_unknown_argument_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "ROOT", tmp_path)

    assert documents.main(["--chekc"]) == 2

    assert list(tmp_path.iterdir()) == []


def test_every_code_has_one_row_with_a_hint() -> None:
    lines = documents.errors().splitlines()

    for error in catalogue():
        assert f"| {error.status} | `{error.code}` | {error.title} | {error.hint} |" in lines
        assert error.title.strip()
        assert error.hint.strip()
    for code, hint in INPUT_CODES.items():
        assert f"| `{code}` | {hint} |" in lines
    codes = [error.code for error in catalogue()]
    assert len(codes) == len(set(codes))
