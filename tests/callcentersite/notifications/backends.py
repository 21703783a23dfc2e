"""Servers that are away, or choosy; and a pigeon."""

from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.locmem import EmailBackend


class Broken(EmailBackend):
    """Nobody answers."""

    def open(self):
        raise ConnectionRefusedError("mail.example.com: ana@example.com")


class RefusesBad(EmailBackend):
    """Takes everything but one address."""

    def send_messages(self, messages):
        for message in messages:
            if "bad@example.com" in message.to:
                raise SMTPRecipientsRefused({"bad@example.com": (550, b"unknown")})
        return super().send_messages(messages)


class Pigeon:
    """Carries short texts."""

    sent = []

    def send(self, *, user, text):
        self.sent.append((user.get_username(), text))
