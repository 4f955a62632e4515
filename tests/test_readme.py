"""The README's commands, copied out of it and run against a live server."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.live import ROOT, LiveServer, serve

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_five_requests_work_copied_and_pasted(tmp_path: Path) -> None:
    requests = [block for block in blocks("sh") if "curl" in block]
    assert len(requests) == 5
    with serve(tmp_path, workers=1) as live:
        register, _, me, events, logout = run(live, requests)
    shown = [json.loads(block) for block in blocks("json")]
    registered = json.loads(register)
    assert registered.keys() == shown[0].keys()
    assert registered["expires_in"] == shown[0]["expires_in"]
    assert without(json.loads(me), "date_joined") == without(shown[1], "date_joined")
    page = json.loads(events)
    assert page.keys() == shown[2].keys()
    (event,), (example,) = page["results"], shown[2]["results"]
    assert event.keys() == example.keys()
    for name in ("id", "event", "title", "ip", "device"):
        assert event[name] == example[name]
    assert "HTTP/1.1 204 No Content" in logout


def test_the_table_of_variables_names_every_variable_of_the_settings() -> None:
    code = (ROOT / "oddjobbox" / "settings.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    readers = r"environment\.(?:text|flag|number|words|duration|rate|origins|url|database)\(\s*\"([A-Z_]+)\""
    read = set(re.findall(readers, code))
    table = set(re.findall(r"`([A-Z_]+)`", README.split("## Configuration")[1].split("## Deployment")[0]))
    assert read <= table
    assert table - read <= {"DEBUG"}


def run(live: LiveServer, requests: list[str]) -> list[str]:
    """Run the blocks one after the other in one shell, and return what each printed."""
    port = live.url.rsplit(":", 1)[1]
    script = "\necho '<<end>>'\n".join(requests).replace("localhost:8000", f"localhost:{port}")
    printed = subprocess.run(
        ["bash", "-euc", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return printed.split("<<end>>\n")


def without(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != key}
