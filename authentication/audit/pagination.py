"""Cursor pagination for the audit log: pages that stay the same while the log grows."""

import re
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from authentication.api.errors import BadRequest

CURSOR_REFUSED = "This cursor leads to no page. Leave it out to begin with the newest event."
SIZE_REFUSED = "page_size must be a whole number, 1 or more."


class EventPagination(CursorPagination):
    """The newest events first. The order is that of the primary key, which has no ties.

    Events whose times are equal, or that were recorded while a server's clock was set back, stay in
    the order in which they were recorded.
    """

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the cursor that a client sent back. Raises BadRequest for any that is not ours.

        DRF would read a forged one as the first page, or fail with a ValueError in the query.
        """
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except NotFound as error:
            raise BadRequest(CURSOR_REFUSED) from error
        if cursor and (cursor.offset or not re.fullmatch("[0-9]{1,18}", str(cursor.position))):
            raise BadRequest(CURSOR_REFUSED)
        return cursor

    def get_page_size(self, request: Request) -> int:
        """Return how many events a client wants, 100 at most. Raises BadRequest."""
        text: Any = request.query_params.get(self.page_size_query_param, str(self.page_size))
        match = re.fullmatch("0*([1-9][0-9]*)", text)
        if match is None:
            raise BadRequest(SIZE_REFUSED)
        # Python refuses to read a number of thousands of digits; three are enough.
        return min(int(match[1][:3]), self.max_page_size)
