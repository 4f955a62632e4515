"""Plans of statements, on a database that is large enough to need its indexes."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

POPULATION = """
INSERT INTO authentication_user
    (password, is_superuser, username, email, pending_email, is_active, is_staff, date_joined, security_stamp)
SELECT '!', false, 'person_' || n, 'person_' || n || '@example.com', '', true, false, now(), 'stamp_' || n
FROM generate_series(1, 100000) AS n;

INSERT INTO authentication_session
    (id, user_id, created_at, last_seen_at, expires_at, security_stamp,
     generation, seen_generation, forgiven, user_agent)
SELECT gen_random_uuid(), id, now(), now(), now() + interval '60 days', security_stamp, 0, 0, 0, ''
FROM authentication_user;

INSERT INTO authentication_event (event, at, user_id, user_agent)
SELECT 'signed_in', now() - n * interval '1 day', id, ''
FROM authentication_user, generate_series(1, 20) AS n WHERE id % 20 = 0;

INSERT INTO authentication_counter (key, hits, last_at, resets_at)
SELECT md5(n::text), 1, now(), now() + n * interval '1 second' FROM generate_series(1, 100000) AS n;

INSERT INTO authentication_emailchange (user_id, old_email, new_email, at)
SELECT id, 'old_' || id || '@example.com', email, now() FROM authentication_user;

INSERT INTO django_tasks_database_dbtaskresult
    (id, status, enqueued_at, finished_at, args_kwargs, priority, task_path, worker_ids,
     queue_name, backend_name, run_after, exception_class_path, traceback)
SELECT gen_random_uuid(), CASE WHEN n % 10 = 0 THEN 'READY' ELSE 'SUCCESSFUL' END, now(), now(), '{}', 0, '',
    '[]', 'default', 'default', now() + interval '1 day', '', '' FROM generate_series(1, 100000) AS n;

INSERT INTO auth_group (name) VALUES ('everybody');
INSERT INTO authentication_user_groups (user_id, group_id)
SELECT person.id, one.id FROM authentication_user AS person, auth_group AS one WHERE person.id % 5 = 0;
INSERT INTO authentication_user_user_permissions (user_id, permission_id)
SELECT id, (SELECT min(id) FROM auth_permission) FROM authentication_user WHERE id % 5 = 0;
INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, user_id)
SELECT now(), '', 1, '', id FROM authentication_user WHERE id % 5 = 0;

ANALYZE;
"""


def check(act: Callable[[], Any], status: int = 200) -> None:
    """Send a request and demand an index for every table that its statements read."""
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code == status, answer.content
    demand_indexes(queries)


def demand_indexes(queries: CaptureQueriesContext) -> None:
    statements = [query["sql"].lstrip() for query in queries]
    planned = [sql for sql in statements if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))]
    assert planned
    found = "\n\n".join(filter(None, map(scan, planned)))
    assert not found, found


def scan(sql: str) -> str:
    """Return the statement and its plan where it reads a whole table, or nothing."""
    explain = _postgresql_plan if connection.vendor == "postgresql" else _sqlite_plan
    plan, whole = explain(sql)
    return f"{sql}\n{plan}" if whole else ""


def _postgresql_plan(sql: str) -> tuple[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    return json.dumps(plan, indent=1), any(_reads_all(node) for node in _nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _reads_all(node: dict[str, Any]) -> bool:
    # An index that is read from end to end, for its order, is as long as its table.
    by_index = node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    return node["Node Type"] == "Seq Scan" or (by_index and "Index Cond" not in node)


def _sqlite_plan(sql: str) -> tuple[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    tables = connection.introspection.table_names()
    # Names that a statement gives its tables; Django's begin with U or V.
    tables += ["U0", "V0", "counted"]
    whole = [step for step in steps if step.startswith("SCAN") and step.split()[1] in tables]
    return "\n".join(steps), bool(whole)


def check_the_worker() -> None:
    """Have every mail written that waits, and demand indexes of what the worker asks for."""
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="the worker",
        excluded_queue_names=[],
    )
    # It would close the connection that has the test's transaction.
    kept = patch(f"{Worker.__module__}.close_old_connections")
    with kept, CaptureQueriesContext(connection) as queries:
        worker.run()
    assert not DBTaskResult.objects.failed().exists()
    assert any(query["sql"].startswith("UPDATE") for query in queries)
    demand_indexes(queries)
