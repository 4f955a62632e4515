"""Write openapi.yaml and docs/errors.md from the code, or check that they are up to date.

``python -m tools.documents`` writes, ``python -m tools.documents --check`` compares.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from authentication.api.errors import INPUT_CODES, catalogue

ROOT = Path(__file__).resolve().parent.parent

INTRODUCTION = """# Errors

Every error of the API has one of these codes, as `{"detail": "…", "code": "…"}`, or as an RFC 9457
problem with `Accept: application/problem+json`. Errors of invalid input are listed by field, as
`{"field": ["message"]}`; each message has a code in the problem document.

`make schema` generates this file from `authentication/api/errors.py`.
"""
MESSAGES = """
## Messages of invalid input

With `Accept: application/problem+json`, each message of `invalid_input` has one of these codes.
"""


def documents() -> dict[str, str]:
    """Return the text of every document by its path."""
    return {"openapi.yaml": openapi(), "docs/errors.md": errors()}


def openapi() -> str:
    """Return the OpenAPI document as YAML."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    text: str = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
    return text


def errors() -> str:
    """Return the list of errors as Markdown."""
    rows = [(str(error.status), f"`{error.code}`", error.title, error.hint) for error in catalogue()]
    messages = [(f"`{code}`", hint) for code, hint in INPUT_CODES.items()]
    first = _table(("Status", "Code", "Detail", "What to do"), rows)
    return f"{INTRODUCTION}\n{first}{MESSAGES}\n{_table(('Code', 'What to do'), messages)}"


def stale() -> list[str]:
    """Return the paths of the documents that differ from the code."""
    return [path for path, text in documents().items() if _read(ROOT / path) != text]


def write() -> None:
    """Write every document."""
    for path, text in documents().items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the documents, or with ``--check`` return 1 if one of them is stale."""
    if arguments not in ([], ["--check"]):
        print("Usage: python -m tools.documents [--check]", file=sys.stderr)
        return 2
    if not arguments:
        write()
        return 0
    return _complain(stale())


def _complain(found: list[str]) -> int:
    if not found:
        return 0
    verb = "is" if len(found) == 1 else "are"
    print(f"{' and '.join(found)} {verb} out of date: run `make schema`.", file=sys.stderr)
    return 1


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
