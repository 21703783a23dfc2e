"""``console audit verify`` names the first entry that is not what it was."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from callcentersite.apps.audit import services, verifying
from callcentersite.apps.audit.domain.chain import Link
from callcentersite.apps.audit.models import AuditHead, AuditLog, AuditPending
from callcentersite.apps.audit.services import Action

from .conftest import entries

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def console(*words):
    out = io.StringIO()
    call_command("console", "audit", *words, stdout=out)
    return out.getvalue()


def first_flaw():
    finding = services.verify().finding
    return finding and (str(finding.flaw), finding.position, finding.until)


def test_a_whole_chain(write):
    last = write(3)[-1]

    assert console("verify").splitlines() == [
        "La cadena está íntegra: 3 entradas, de la 1 a la 3.",
        f"Final: 3:{last.hash}",
    ]


def test_an_empty_chain_is_whole(db):
    assert console("verify") == "La cadena está íntegra: no hay entradas.\n"


@pytest.mark.parametrize(
    "column",
    ["happened_at", "actor", "actor_id", "action", "target_type", "target_id", "target", "reason",
     "result", "source", "place", "address", "detail", "previous", "hash"],
)  # fmt: skip
def test_every_column_is_signed(write, tamper, column):
    write(4)
    value = {"happened_at": "2020-01-01 00:00:00", "result": "failed"}.get(column, "otro")

    tamper(f"UPDATE audit_logs SET {column} = %s WHERE id = 3", value)

    assert first_flaw() == ("changed", 3, None)


def test_a_deleted_entry(write, tamper):
    write(5)

    tamper("DELETE FROM audit_logs WHERE id IN (2, 3)")

    assert first_flaw() == ("missing", 2, 3)


def test_a_tail_cut_off(write, tamper):
    write(5)

    tamper("DELETE FROM audit_logs WHERE id > 3")

    assert first_flaw() == ("truncated", 4, 5)


def test_everything_gone(write, tamper):
    write(5)

    tamper("DELETE FROM audit_logs")

    assert first_flaw() == ("truncated", 1, 5)


def test_an_entry_added_by_hand(write, tamper):
    write(2)
    columns = ", ".join(
        field.column for field in AuditLog._meta.fields if field.column not in ("id", "once")
    )

    tamper(
        f"INSERT INTO audit_logs (id, once, {columns}) "
        f"SELECT 3, '', {columns} FROM audit_logs WHERE id = 2"
    )

    assert first_flaw() == ("inserted", 3, 3)


def test_two_entries_that_changed_places(write, tamper):
    write(4)

    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper("UPDATE audit_logs SET id = %s WHERE id = %s", new, old)

    assert first_flaw() == ("changed", 2, None)


def test_a_tail_cut_off_with_a_matching_head_is_seen_by_whoever_noted_the_end(write, tamper):
    rows = write(5)
    noted = rows[4].link()
    tamper("DELETE FROM audit_logs WHERE id > 3")
    tamper("UPDATE audit_head SET last_id = 3, last_hash = %s", rows[2].hash)

    assert first_flaw() is None
    with pytest.raises(CommandError) as refusal:
        console("verify", "--anchor", str(noted))
    assert "La entrada 5 no es la que usted anotó." in str(refusal.value)


def test_a_noted_end_goes_on_being_there(write):
    noted = write(2)[-1].link()
    write(3)

    assert services.verify(anchor=noted).is_whole
    assert not services.verify(anchor=Link(position=2, hash="0" * 64)).is_whole


def test_a_missing_head(write, tamper):
    write(2)

    tamper("DELETE FROM audit_head")

    assert first_flaw() == ("head", 2, None)


def test_the_error_says_what_to_do_and_ends_with_one(write, tamper):
    write(3)
    tamper("UPDATE audit_logs SET actor = 'otra' WHERE id = 2")

    with pytest.raises(CommandError) as refusal:
        console("verify")

    assert refusal.value.returncode == 1
    assert str(refusal.value).splitlines() == [
        "ERROR: La entrada 2 no es la que se escribió.",
        "CAUSA: Alguien cambió la base de datos por fuera de la consola.",
        "SOLUCION: No borre nada; compare con el último respaldo y avise a seguridad.",
    ]


def test_as_json(write, tamper, capsys):
    last = write(3)[-1]
    assert json.loads(console("verify", "--json")) == {
        "ok": True,
        "checked": 3,
        "first": 1,
        "end": {"position": 3, "hash": last.hash},
        "waiting": 0,
        "finding": None,
    }

    tamper("UPDATE audit_logs SET actor = 'otra' WHERE id = 2")
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("console", "audit", "verify", "--json", stdout=out)

    assert end.value.code == 1
    found = json.loads(out.getvalue())
    assert (found["ok"], found["checked"]) == (False, 1)
    assert found["finding"] == {"flaw": "changed", "position": 2, "until": None}


def test_another_secret_key_is_no_accusation(write, settings):
    write(1)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "otra" * 20, []

    with pytest.raises(CommandError) as refusal:
        console("verify")
    assert "No se puede verificar la entrada 1: falta su clave." in str(refusal.value)


def test_a_replaced_secret_key_verifies_as_a_fallback(write, settings):
    write(2)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "otra" * 20
    write(2)

    assert services.verify().is_whole
    assert len({row.key_id for row in entries()}) == 2


def test_keys_of_its_own_leave_the_chain_alone_when_the_secret_key_changes(write, settings):
    settings.AUDIT_KEYS = ["clave-de-auditoria"]
    write(2)

    settings.SECRET_KEY = "otra" * 20

    assert services.verify().is_whole


def test_entries_that_wait_are_told(write):
    write(1)
    AuditPending.objects.create(**services.draft(Action.LOGIN))

    assert console("verify").splitlines()[-1] == "1 entrada espera su lugar en la cadena."


def test_what_is_appended_meanwhile_is_no_flaw(write, monkeypatch):
    write(3)
    plain_head_link = verifying.head_link
    asked = []

    def head_link():
        found = plain_head_link()
        if not asked:
            asked.append(found)
            write(2)
        return found

    monkeypatch.setattr(verifying, "head_link", head_link)

    report = services.verify()

    assert (report.finding, report.checked, AuditHead.objects.get().last_id) == (None, 3, 5)


def test_list_and_show(write):
    row = write(2)[-1]

    lines = console("list", "--action", "setting_changed", "--limit", "1").splitlines()
    shown = console("show", "2").splitlines()

    assert len(lines) == 1
    assert f"{row.actor} cambió la configuración sistema.clave_1." in lines[0]
    assert shown[0] == f"{row.actor} cambió la configuración sistema.clave_1."
    assert f"Huella: {row.hash}" in shown
    assert json.loads(console("show", "2", "--json"))["target"] == "sistema.clave_1"
    assert console("list", "--person", "nadie") == "No hay entradas.\n"


def test_an_entry_that_is_not_there(write):
    with pytest.raises(CommandError, match="No existe la entrada de auditoría 9"):
        console("show", "9")


@pytest.mark.parametrize("anchor", ["3", "x:1", "3:abc"])
def test_a_noted_end_must_look_like_one(db, anchor):
    with pytest.raises(CommandError) as refusal:
        console("verify", "--anchor", anchor)

    assert refusal.value.returncode == 2
