"""What people are told, what they want to hear, and what leaves by mail."""

from .delivery import Delivery
from .notification import Level, Notification, SentNotification
from .subscription import Preference, Subscription

__all__ = ["Delivery", "Level", "Notification", "Preference", "SentNotification", "Subscription"]
