"""The health in words."""
