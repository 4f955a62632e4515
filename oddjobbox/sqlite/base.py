"""Django's SQLite backend, for connections that are kept from one request to the next."""

import os
from sqlite3 import Connection
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Notice that the file was replaced: an open connection would go on with the one that is gone."""

    file_id: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        connection: Connection = super().get_new_connection(conn_params)
        self.file_id = self._file_id()
        return connection

    def is_usable(self) -> bool:
        return self.is_in_memory_db() or self.file_id == self._file_id()

    def _file_id(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.settings_dict["NAME"])  # noqa: PTH116 - Path.stat costs twice as much
        except OSError:
            return None
        return found.st_dev, found.st_ino
