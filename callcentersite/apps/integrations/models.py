"""Who may use the API, how fast; and who is told of runs that end."""

from .models_clients import ApiClient, Bucket
from .models_webhooks import WebhookDelivery, WebhookEndpoint

__all__ = ["ApiClient", "Bucket", "WebhookDelivery", "WebhookEndpoint"]
