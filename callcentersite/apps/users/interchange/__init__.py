"""Permissions as rows of a file: functions, capabilities, groups with their links, memberships."""
