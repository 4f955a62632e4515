"""The SQL statements of a request, each by its kind and table, and how many there are."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# A slot is reserved before a hash is computed, and released once the password has proved right.
RESERVED = ["INSERT counter"]
RELEASED = ["INSERT counter"]
# A mail is a row in the queue, stored with the change that it reports.
ENQUEUED = ["INSERT django_tasks_database_dbtaskresult"]

_STATEMENT = re.compile(r'(SELECT|INSERT|UPDATE|DELETE)\b.*?"(?:authentication_)?(\w+)"', re.DOTALL)
_WITH = re.compile(r"\s*WITH \w+ AS\s+")
_BRACKETED = re.compile(r"\([^()]*\)")
_OF_TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(act: Callable[[], Any], status: int = 200) -> list[str]:
    """Return the statements in order, with the beginnings and ends of transactions."""
    with CaptureQueriesContext(connection) as queries:
        response = act()
    assert response.status_code == status
    return [_name(query["sql"]) for query in queries]


def count(act: Callable[[], Any], status: int = 200) -> int:
    """Return how many statements read or write rows."""
    return sum(name not in _OF_TRANSACTIONS for name in statements(act, status))


def _name(sql: str) -> str:
    """Return the kind and the table of a statement, or the first word of any other."""
    bare, replaced = sql, 1
    while replaced:
        # Subqueries stand in brackets.
        bare, replaced = _BRACKETED.subn("", bare)
    bare = _WITH.sub("", bare, count=1)
    # The selected columns are named after tables too, so the table is the one after FROM.
    found = _STATEMENT.match(re.sub(r"^SELECT .*? FROM", "SELECT", bare, flags=re.DOTALL))
    return f"{found[1]} {found[2]}" if found else sql.split(maxsplit=1)[0]
