"""The page of a profile, and two of them side by side."""
