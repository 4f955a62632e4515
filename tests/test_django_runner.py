"""Django's own test runner, with the .env that `make run` writes."""

import os
import subprocess
import sys
from pathlib import Path

from tests.test_your_own_app import copy_checkout

PROBE = """
from django.test import TestCase
from rest_framework.test import APIClient

from authentication.models import User


class ProbeTest(TestCase):
    def test_an_account_can_ask_who_it_is(self):
        user = User.objects.create_user("jane_doe", "jane@example.com", "correct horse battery")
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {user.token}")
        self.assertEqual(client.get("/auth/me").json()["username"], "jane_doe")
"""


def test_manage_py_test_passes_out_of_the_box(tmp_path: Path) -> None:
    copy_checkout(tmp_path)
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "__init__.py").touch()
    (tmp_path / "probe" / "tests.py").write_text(PROBE)
    environment = Path(sys.executable).parent.parent
    # Use the installed packages.
    make = ["make", ".env", f"VENV={environment}", "--assume-old", f"{environment}/.runtime"]
    subprocess.run(make, cwd=tmp_path, check=True)
    run = subprocess.run(
        [sys.executable, "manage.py", "test", "probe"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, "Ran 1 test" in run.stderr) == (0, True), run.stderr
