"""Accounts, groups, exceptions and requests in the admin."""

from . import accounts, catalog, exceptions, groups, memberships, plain, requests

__all__ = ["accounts", "catalog", "exceptions", "groups", "memberships", "plain", "requests"]
