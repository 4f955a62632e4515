"""Statements of a request, each by its kind and table, the beginnings and ends of transactions too."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# A place is taken before anything is hashed, and given back once that has proved right.
TAKEN = ["INSERT counter"]
# A mail is a row in the queue, stored with what it tells of.
POSTED = ["INSERT django_tasks_database_dbtaskresult"]

_STATEMENT = re.compile(r'(SELECT|INSERT|UPDATE|DELETE)\b.*?"(?:authentication_)?(\w+)"', re.DOTALL)
_WITH = re.compile(r"\s*WITH \w+ AS\s+")
_BRACKETED = re.compile(r"\([^()]*\)")


def _name(sql: str) -> str:
    """Return the kind and the table of a statement, or the first word of any other."""
    bare, replaced = sql, 1
    while replaced:
        # Subqueries stand in brackets.
        bare, replaced = _BRACKETED.subn("", bare)
    bare = _WITH.sub("", bare, count=1)
    # What is selected has the names of tables before it, too: look behind FROM.
    found = _STATEMENT.match(re.sub(r"^SELECT .*? FROM", "SELECT", bare, flags=re.DOTALL))
    return f"{found[1]} {found[2]}" if found else sql.split(maxsplit=1)[0]


def statements(act: Callable[[], Any], status: int = 200) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code == status
    return [_name(query["sql"]) for query in queries]
