"""The lines that README and docs/ tell people to type, and why some of them are not run here."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)")
CRON = re.compile(r"^(?:[\d*/,-]+ ){5}cd \S+ && ")
MANAGE = re.compile(r"^(?:\.venv/bin/)?python manage\.py ")
REDIRECTED = re.compile(r" >>? ?/\S+.*$")

# Pages whose indented lines are somebody else's business.
ELSEWHERE = {
    "api.md": "tests/callcentersite/integrations/test_api_page.py types it against a server",
    "why.md": "a drawing",
}
# Patterns of lines that are not run by the test, and why.
NOT_RUN = {
    "make demo": ".ci/run runs it in a new environment; tests/house/test_demo.py looks closer.",
    "make test": "It is what runs this test.",
    "make messages": ".ci/lint fails where its result is not committed.",
    "make clean": "It would remove the environment in which this runs.",
    "export *=*": "A value to be replaced; tests/house/test_settings.py reads such values.",
    "EMAIL_URL=*": "A value; tests/callcentersite/notifications send by it.",
    "DEFAULT_FROM_EMAIL=*": "A value.",
    "docker compose *": "The machine of the tests has no containers.",
    "gunicorn *": "It never ends; tests/browser serves the same application.",
    "tail -f *": "It never ends.",
    "*manage.py createsuperuser": "It asks for a password.",
    "*manage.py qcluster": "It never ends; tests/faults and the demo start it.",
    "cp deploy/systemd/*": "It changes the machine; tests/house reads what the units say.",
    "systemctl *": "It changes the machine.",
    "*loaddata config_*": "That day's file; configuration/test_backups.py has one.",
    "Página *": "What the demo prints.",
    "Cuenta *": "What the demo prints.",
}


def shown():
    """Every line of a block for the terminal, each once, in the order of the pages."""
    lines = (line for page in PAGES if page.name not in ELSEWHERE for line in lines_of(page))
    return list(dict.fromkeys(lines))


def lines_of(page):
    """The indented lines and those of ``sh`` fences; not those of code in another language."""
    language = None
    for line in page.read_text().splitlines():
        fence = FENCE.match(line)
        if fence:
            language = None if language is not None else fence.group(1)
        elif (language is None and line.startswith("    ")) or language in ("sh", "bash"):
            yield line.strip()


def reason(line):
    """Why it is not run; empty: it is."""
    return next((why for pattern, why in NOT_RUN.items() if fnmatchcase(line, pattern)), "")


def words_of(line):
    """What ``manage.py`` gets of a line, also of one for cron; empty: it is another program's."""
    typed = CRON.sub("", line)
    if not MANAGE.match(typed):
        return ""
    return REDIRECTED.sub("", MANAGE.sub("", typed))
