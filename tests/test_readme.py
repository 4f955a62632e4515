"""The README's commands, copied out of it and run against a live server."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.live import ROOT, WAIT_SECONDS, LiveServer, serve

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_requests_work_copied_and_pasted(tmp_path: Path) -> None:
    requests = [block for block in blocks("sh") if "curl" in block]
    assert len(requests) == 9
    # As in development: mails are sent at once, to the terminal.
    with serve(tmp_path, workers=1, EMAIL_URL="consolemail://", TASKS="immediate") as live:
        register, verify, _, me, events, change, logout, reset, confirm = run(live, requests)
        mails = live.log.read_text()
    shown = [json.loads(block) for block in blocks("json")]
    registered = json.loads(register)
    assert registered.keys() == shown[0].keys()
    assert registered["expires_in"] == shown[0]["expires_in"]
    assert json.loads(verify) == shown[1]
    assert without(json.loads(me), "date_joined") == without(shown[2], "date_joined")
    page = json.loads(events)
    assert page.keys() == shown[3].keys()
    (event,), (example,) = page["results"], shown[3]["results"]
    assert event.keys() == example.keys()
    for name in ("id", "event", "title", "ip", "device"):
        assert event[name] == example[name]
    assert (change, reset) == ("", "")
    assert "HTTP/1.1 204 No Content" in logout
    assert "HTTP/1.1 204 No Content" in confirm
    assert [
        subject for subject in re.findall("^Subject: (.*)$", mails, re.MULTILINE) if "New" not in subject
    ] == [
        "Confirm your email address for Oddjobbox",
        "Confirm your new email address for Oddjobbox",
        "Choose a new password for Oddjobbox",
        "Your password was reset at Oddjobbox",
    ]


def run(live: LiveServer, requests: list[str]) -> list[str]:
    """Run the blocks one after the other in one shell, and return what each printed."""
    port = live.url.rsplit(":", 1)[1]
    script = "\necho '<<end>>'\n".join(requests).replace("localhost:8000", f"localhost:{port}")
    # The person's part: find the newest link in the terminal, and copy its key.
    newest = f"grep -o 'key=ojk_[^ ]*' {live.log} | tail -1 | sed -e 's/key=//' -e 's/%2D/-/g'"
    script = script.replace("KEY='ojk_…'", f"KEY=$({newest})")
    printed = subprocess.run(
        ["bash", "-euc", script], capture_output=True, text=True, check=True, timeout=WAIT_SECONDS
    ).stdout
    return printed.split("<<end>>\n")


def without(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != key}
