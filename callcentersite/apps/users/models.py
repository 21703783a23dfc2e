"""People who use the console."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person with an account; a model of our own from the first migration on."""
