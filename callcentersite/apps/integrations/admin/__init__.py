"""The admin of the API's clients and of the webhooks."""

from . import clients, deliveries, endpoints  # noqa: F401
