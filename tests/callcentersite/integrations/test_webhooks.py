"""A signed POST when a run fails: to a real server, and never where it may not go."""

import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from callcentersite.apps.integrations import endpoints
from callcentersite.apps.integrations.domain.targets import BadTarget, is_public, target_of
from callcentersite.apps.integrations.models import WebhookDelivery
from callcentersite.apps.integrations.webhooks import posting, sending
from opsconsole import OperationError, registry, runner
from opsconsole.doors import terminal
from opsconsole.events import ended, send
from opsconsole.models import JobRun
from opsconsole.ticking import tick

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver:
    """A server on this machine that keeps what it gets and answers as it is told."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/aviso?de=consola"
        self.requests = []
        self.behave = lambda sock: sock.sendall(OK)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def stop(self):
        """A close alone would leave one more connection to the thread that waits for it."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def serve(self):
        while True:
            try:
                sock, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=[sock], daemon=True).start()

    def answer(self, sock):
        with sock:
            self.requests.append(read_request(sock))
            # The sender may go away, as some tests want it to.
            with suppress(OSError):
                self.behave(sock)

    def reply(self, text):
        self.behave = lambda sock: sock.sendall(text.replace("\n", "\r\n").encode())


def read_request(sock):
    """Request line, headers and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65536)
    head, _blank, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    while len(body) < int(headers["Content-Length"]):
        body += sock.recv(65536)
    return first, headers, body


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def on(change, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    change("integraciones.enable_webhooks", "true")


@pytest.fixture
def endpoint(admin, receiver):
    return make(admin, receiver.url)


def make(admin, url, **fields):
    """An endpoint that remembers its secret."""
    given = {"nombre": "Guardia", "statuses": ["failed", "lost"], "by": admin}
    endpoint, secret = endpoints.create(url=url, **(given | fields))
    endpoint.secret = secret
    return endpoint


def fail(name="raise_error", **values):
    """Submit and execute a run that fails."""
    run = runner.submit(registry.get(name), values, door=terminal(), enqueue=False)
    runner.execute(run.pk)
    return JobRun.objects.get(pk=run.pk)


def only():
    return WebhookDelivery.objects.get()


# Told


def test_a_failed_run_is_told_by_a_signed_post(on, endpoint, receiver):
    run = fail()
    assert receiver.requests == []  # off the run's path

    tick()

    [(first, headers, body)] = receiver.requests
    told = json.loads(body)
    assert first == "POST /aviso?de=consola HTTP/1.1"
    assert (told["event"], told["run"]["status"]) == ("run.failed", "failed")
    assert told["run"]["id"] == run.pk
    assert told["run"]["url"].endswith(f"/admin/opsconsole/jobrun/{run.pk}/change/")
    assert told["run"]["error"] == run.error
    signed = headers["X-Webhook-Timestamp"].encode() + b"." + body
    expected = hmac.new(endpoint.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Webhook-Signature"] == f"v1={expected}"
    assert abs(int(headers["X-Webhook-Timestamp"]) - time.time()) < 60
    assert headers["X-Webhook-Id"] == told["id"] == str(only().pk)
    assert headers["X-Webhook-Event"] == "run.failed"
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert "Authorization" not in headers
    row = only()
    assert (row.state, row.attempts) == ("delivered", 1)
    assert (row.response_code, row.response_text) == (200, "ok")


def test_once_delivered_it_is_not_sent_again(on, endpoint, receiver):
    run = fail()
    tick()

    send(ended, run=run)
    tick()

    assert len(receiver.requests) == 1
    assert WebhookDelivery.objects.count() == 1


def test_only_what_was_asked_for_is_told(on, admin, receiver, endpoint):
    make(admin, receiver.url, nombre="Otra", operations=["run_etl"])
    make(admin, receiver.url, nombre="Apagada", active=False)
    make(admin, receiver.url, nombre="Todo", statuses=["succeeded"])

    fail()
    fail("count_slowly", steps=1)  # which ends well

    told = WebhookDelivery.objects.order_by("created_at").values_list("endpoint__nombre", "event")
    assert list(told) == [("Guardia", "run.failed"), ("Todo", "run.succeeded")]


def test_switched_off_nothing_is_written_or_sent(on, change, endpoint, receiver):
    fail()
    change("integraciones.enable_webhooks", "false")
    fail()

    tick()
    with pytest.raises(OperationError, match="Los webhooks están apagados"):
        sending.send_now(only())

    assert receiver.requests == []
    assert only().attempts == 0


def test_what_is_told_holds_no_secret(on, endpoint, receiver):
    run = fail()
    JobRun.objects.filter(pk=run.pk).update(
        error="postgres://consola:muy-secreta@db/x falló para +525512345678"
    )
    WebhookDelivery.objects.all().delete()
    send(ended, run=JobRun.objects.get(pk=run.pk))

    tick()

    body = receiver.requests[0][2].decode()
    assert "muy-secreta" not in body
    assert "+525512345678" not in body
    assert "params" not in json.loads(body)["run"]


def test_the_secret_is_stored_sealed(endpoint):
    assert endpoint.secret.startswith("whsec_")
    assert endpoint.secret not in endpoint.sealed_secret
    assert endpoints.secret_of(endpoint) == endpoint.secret


def test_a_lost_secret_is_said_and_tried_again_later(on, endpoint, receiver, settings):
    fail()
    settings.SECRET_KEY = "otra-clave-que-no-es-la-de-antes-00000000000000000000000"

    tick()

    assert receiver.requests == []
    assert "No se puede leer el secreto de «Guardia». Renueve el secreto" in only().error


# Not taken


@pytest.mark.parametrize(
    ("reply", "code", "sentence"),
    [
        ("HTTP/1.1 500 No\n\nroto", 500, "El receptor respondió 500."),
        (
            "HTTP/1.1 302 Found\nLocation: http://127.0.0.1:{port}/otra\nContent-Length: 0\n\n",
            302,
            "La dirección redirige a otra, y las redirecciones no se siguen.",
        ),
        ("no es http\n\n", None, "No se pudo conectar, o la conexión se cortó."),
    ],
    ids=["refused", "redirected", "no HTTP"],
)
def test_what_was_not_taken_is_tried_again_later(on, endpoint, receiver, reply, code, sentence):
    receiver.reply(reply.format(port=receiver.port))
    fail()

    tick()

    row = only()
    assert (row.state, row.attempts, row.response_code) == ("pending", 1, code)
    assert row.error.startswith(sentence)
    assert timedelta(seconds=25) < row.next_at - timezone.now() < timedelta(seconds=31)
    assert len(receiver.requests) == 1


def test_it_is_tried_again_with_the_same_id_until_it_is_taken(on, endpoint, receiver):
    receiver.reply("HTTP/1.1 503 Later\nContent-Length: 0\n\n")
    fail()
    tick()
    tick()  # too early
    assert len(receiver.requests) == 1

    receiver.reply("HTTP/1.1 204 Yes\n\n")
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        sending.send_due()

    first, second = receiver.requests
    assert first[1]["X-Webhook-Id"] == second[1]["X-Webhook-Id"]
    assert first[2] == second[2]
    assert (only().state, only().attempts) == ("delivered", 2)


def test_after_six_attempts_it_is_given_up(on, endpoint, receiver):
    receiver.reply("HTTP/1.1 500 No\nContent-Length: 0\n\n")
    fail()
    moment = timezone.now()

    for _ in range(8):
        with time_machine.travel(moment):
            sending.send_due()
        moment += timedelta(hours=7)

    assert (only().state, only().attempts, only().next_at) == ("given_up", 6, None)
    assert len(receiver.requests) == 6


def test_it_can_be_sent_once_more_by_hand(on, endpoint, receiver):
    receiver.reply("HTTP/1.1 500 No\nContent-Length: 0\n\n")
    fail()
    tick()
    WebhookDelivery.objects.update(attempts=6, state="given_up", next_at=None)
    receiver.behave = lambda sock: sock.sendall(OK)

    row = sending.send_again(only())

    assert (row.state, row.attempts) == ("delivered", 7)
    assert len({headers["X-Webhook-Id"] for _first, headers, _body in receiver.requests}) == 1


def test_two_workers_do_not_send_the_same_attempt(on, endpoint, receiver):
    fail()
    [seen] = sending.due(timezone.now())
    [also_seen] = sending.due(timezone.now())

    assert sending.claim(seen)
    assert not sending.claim(also_seen)
    assert sending.due(timezone.now()) == []


def test_an_attempt_whose_worker_died_is_made_again(on, endpoint, receiver):
    fail()
    [row] = sending.due(timezone.now())
    sending.claim(row)

    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        sending.send_due()

    assert (only().state, only().attempts) == ("delivered", 2)


# Slow, large


@contextmanager
def hurry(monkeypatch, seconds):
    monkeypatch.setattr(posting, "TOTAL_SECONDS", seconds)
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < 8  # the slow ones take ten


def drip(sock):
    """A byte now and then: no single wait is long."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        sock.sendall(b"x")
        time.sleep(0.1)


def drip_headers(sock):
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        sock.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(0.1)


def say_nothing(sock):
    time.sleep(10)


@pytest.mark.parametrize("behave", [drip, drip_headers, say_nothing])
def test_a_slow_receiver_is_left_in_time(on, endpoint, receiver, monkeypatch, behave):
    receiver.behave = behave
    fail()

    with hurry(monkeypatch, 1.0):
        sending.send_due()

    assert only().error == "No terminó de responder en 5 segundos."
    assert only().state == "pending"


def test_five_seconds_are_the_whole_time(on, endpoint, receiver):
    receiver.behave = drip
    fail()
    begun = time.monotonic()

    sending.send_due()

    assert 4.5 < time.monotonic() - begun < 9.5  # the receiver takes ten
    assert only().state == "pending"


def test_slow_ones_do_not_wait_for_each_other(on, admin, receiver, monkeypatch):
    receiver.behave = say_nothing
    for number in range(5):
        make(admin, receiver.url, nombre=f"Lenta {number}")
    fail()

    with hurry(monkeypatch, 1.0):
        assert sending.send_due() == 5


def test_a_huge_answer_is_not_read(on, endpoint, receiver):
    sent = []

    def flood(sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(10_000):
            sock.sendall(b"x" * 100_000)
            sent.append(100_000)

    receiver.behave = flood
    fail()

    tick()

    assert only().state == "delivered"
    assert only().response_text == "x" * 2_000
    assert sum(sent) < 50_000_000


# Where it may not go


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fd00:ec2::254",
        "fec0::1", "192.0.0.8", "192.0.0.9", "::ffff:192.0.0.8",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_an_address_outside_is(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "https://", "https:///x", "a.example", "javascript:alert(1)",
        "https://user:pass@a.example/", "https://user@a.example/", "https://a.example/#x",
        "https://a.example/ b", "https://a.example/\r\nX: y", "https://a.example:0/",
        "https://a.example:99999/", "https://a.exámple/", "https://a.example\\@b.example/",
        "http://a.example/", "https://a.example/" + 500 * "x", "https://[::1/",
    ],
)  # fmt: skip
def test_what_is_not_plainly_https_is_no_target(url):
    with pytest.raises(BadTarget):
        target_of(url, trusted_hosts={"interno.example"})


def test_a_target_is_taken_apart():
    target = target_of("https://A.example./x?y=1", trusted_hosts=())
    inside = target_of("http://interno.example:8080", trusted_hosts={"interno.example"})

    assert (target.host, target.port, target.path) == ("a.example", 443, "/x?y=1")
    assert target.authority == "a.example"
    assert (inside.authority, inside.path) == ("interno.example:8080", "/")


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.216.34", "10.0.0.8"], ["::ffff:127.0.0.1"], ["169.254.169.254"]],
    ids=["private", "one of them private", "wrapped", "metadata"],
)
def test_a_name_that_leads_inside_is_refused(on, admin, receiver, monkeypatch, addresses):
    make(admin, f"https://fuera.example:{receiver.port}/")
    monkeypatch.setattr(posting, "look_up", lambda host, port: addresses)
    fail()

    tick()

    assert receiver.requests == []
    assert "El equipo está en una red privada o reservada" in only().error


def test_the_name_is_resolved_once_and_the_connection_goes_there(on, admin, receiver, monkeypatch):
    asked = []

    def change_its_mind(host, port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    connected = []

    def refuse(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    make(admin, "https://fuera.example/")
    monkeypatch.setattr(posting, "look_up", change_its_mind)
    monkeypatch.setattr(posting.socket, "create_connection", refuse)
    fail()

    tick()

    assert asked == ["fuera.example"]
    assert connected == [("93.184.216.34", 443)]
    assert only().error.endswith("(Connection refused)")


def test_without_the_allow_list_this_machine_is_not_told(on, endpoint, receiver, settings):
    fail()
    settings.WEBHOOK_ALLOWED_HOSTS = []

    tick()

    assert receiver.requests == []
    assert "La dirección debe ser https." in only().error


def test_a_resolver_that_does_not_answer_is_left_in_time(on, admin, monkeypatch):
    make(admin, "https://fuera.example/")
    monkeypatch.setattr(posting, "look_up", lambda host, port: time.sleep(10))
    fail()

    with hurry(monkeypatch, 0.5):
        sending.send_due()

    assert only().error == "No terminó de responder en 5 segundos."


def test_a_certificate_that_nobody_vouches_for_is_refused(on, admin, receiver, tmp_path, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = ["localhost"]
    context = self_signed(tmp_path)
    served = []

    def handshake(sock):
        with context.wrap_socket(sock, server_side=True) as secure:
            served.append(secure.recv(1000))

    receiver.answer = handshake_only(handshake)
    make(admin, f"https://localhost:{receiver.port}/")
    fail()

    tick()

    assert served == []
    assert only().error.startswith("El certificado del equipo no vale.")


def test_the_certificate_is_asked_for_the_name_not_the_address(
    on, admin, receiver, tmp_path, settings, monkeypatch
):
    settings.WEBHOOK_ALLOWED_HOSTS = ["fuera.example"]
    server = self_signed(tmp_path)
    names = []
    server.sni_callback = lambda sock, name, context: names.append(name)
    monkeypatch.setattr(posting, "look_up", lambda host, port: ["127.0.0.1"])
    trusting = posting.ssl.create_default_context(cafile=tmp_path / "cert.pem")
    monkeypatch.setattr(posting.ssl, "create_default_context", lambda: trusting)

    def answer(sock):
        with server.wrap_socket(sock, server_side=True) as secure:
            receiver.requests.append(read_request(secure))
            secure.sendall(OK)

    receiver.answer = handshake_only(answer)
    make(admin, f"https://fuera.example:{receiver.port}/aviso")
    fail()

    tick()

    assert names == ["fuera.example"]
    assert receiver.requests[0][1]["Host"] == f"fuera.example:{receiver.port}"
    assert only().state == "delivered"


def handshake_only(act):
    def answer(sock):
        # The sender may not like our certificate.
        with sock, suppress(OSError):
            act(sock)

    return answer


def self_signed(folder):
    """A server's context with a certificate for fuera.example that only it vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fuera.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("fuera.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
