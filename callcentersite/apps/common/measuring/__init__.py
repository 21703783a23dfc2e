"""Where the time goes: run a target many times, leave no trace, say which line is slow."""
