"""docs/api.md, typed as it stands against a server that runs."""

import json
import re
import subprocess
import time
from pathlib import Path

import pytest

from callcentersite.apps.analytics.api import urls as metrics_urls
from callcentersite.apps.integrations.domain.signatures import signature
from callcentersite.apps.integrations.urls import urlpatterns
from opsconsole.models import JobRun
from tests.callcentersite.integrations.conftest import allow

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"
LINES = re.compile(r"^    (\S.*)$", re.MULTILINE)
FENCED = re.compile(r"```.*?```", re.DOTALL)
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def type_it(live_server, make_client, account, tmp_path):
    """Type every line of the page in one shell; return what each of them printed."""
    allow(account, "run_run_etl", "run_seed_permisos_granular", "retry_jobrun")
    _client, token = make_client()

    def type_it():
        lines = LINES.findall(FENCED.sub("", PAGE.read_text()))
        lines[0] = f"CONSOLA={live_server.url}"
        script = "\n".join(f"echo; echo '== {number}'\n{line}" for number, line in enumerate(lines))
        done = subprocess.run(
            ["sh", "-eu"],
            input=script,
            env={"TOKEN": token, "PATH": "/usr/local/bin:/usr/bin:/bin"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.stderr == ""
        parts = re.split(r"^== \d+\n", done.stdout, flags=re.MULTILINE)[1:]
        assert len(parts) == len(lines)
        return dict(zip(lines, parts, strict=True))

    return type_it


@pytest.mark.django_db(transaction=True, reset_sequences=True, databases=["default", "ops"])
def test_every_line_does_what_the_page_says(type_it, tmp_path):
    printed = type_it()

    def output(sign):
        """What the one line with the sign printed; ``sign`` may say how the line ends."""
        [text] = [text for line, text in printed.items() if sign in f"{line}$"]
        return text

    assert (tmp_path / "cliente.txt").stat().st_mode & 0o077 == 0
    assert len(json.loads(output("$CONSOLA/api/configuracion/$"))["categorias"]) == 7
    assert output("If-None-Match").strip() == "304"
    assert "HTTP/1.1 202" in output("Idempotency-Key")
    assert "Location: /api/corridas/1/" in output("Idempotency-Key")
    assert json.loads(output("$CONSOLA/api/corridas/1/$"))["status"] == "queued"
    runs = JobRun.objects.order_by("pk").values_list("operation", "status", "retry_of")
    assert list(runs) == [
        ("run_etl", "cancelled", None),
        ("run_etl", "queued", 1),
        ("seed_permisos_granular", "queued", None),
    ]


def test_the_page_names_every_address():
    page = PAGE.read_text()

    named = {re.sub(r"<[^>]+>", "<>", one) for one in re.findall(r"\| `/api/([^`]+)`", page)}
    addresses = [*urlpatterns, *metrics_urls.urlpatterns]
    there = {re.sub(r"<[^>]+>", "<>", str(one.pattern)) for one in addresses if one.name}
    assert named == there


def test_the_receivers_code_knows_our_signature():
    names = {}
    exec(CODE.search(PAGE.read_text()).group(1), names)
    now, body = int(time.time()), b'{"id": "1"}'

    def headers(moment, **changes):
        signed = signature("whsec_x", timestamp=moment, body=body)
        return {"X-Webhook-Timestamp": str(moment), "X-Webhook-Signature": signed} | changes

    assert names["is_ours"]("whsec_x", headers(now), body)
    assert not names["is_ours"]("whsec_y", headers(now), body)
    assert not names["is_ours"]("whsec_x", headers(now), body + b" ")
    assert not names["is_ours"]("whsec_x", headers(now - 301), body)
    later = {"X-Webhook-Timestamp": str(now + 1)}
    assert not names["is_ours"]("whsec_x", headers(now) | later, body)
