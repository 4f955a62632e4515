"""Every environment variable that is read is documented, and no other."""

import re
import runpy

import pytest

from oddjobbox.settings import environment
from tests.live import ROOT

# One whose first column holds variables.
TABLE = re.compile(r"^\| variable \|.*\n((?:\|.*\n)+)", re.MULTILINE | re.IGNORECASE)


@pytest.fixture(scope="module")
def variables() -> set[str]:
    """The names that the settings and gunicorn read."""
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    return set(environment.names)


def test_the_example_of_an_env_file_names_every_variable(variables: set[str]) -> None:
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^(?:# )?([A-Z0-9_]+)=", example, flags=re.MULTILINE)
    assert sorted(named) == sorted(variables)


def test_every_variable_has_one_row_in_a_table_of_the_documents(variables: set[str]) -> None:
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    tables = [table for path in documents for table in TABLE.findall(path.read_text())]
    cells = [cell for table in tables for cell in re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)]
    named = [name for cell in cells for name in re.findall(r"`([A-Z0-9_]+)`", cell)]
    assert sorted(named) == sorted(variables)


def test_a_reader_registers_the_variable_that_it_reads() -> None:
    # Tests of the settings may have read others.
    assert {"SECRET_KEY", "DATABASE_URL", "RATE_LIMITS"} <= environment.names
