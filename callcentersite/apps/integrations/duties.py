"""What the engine's events are for here: notices of runs that end, and a little tidying."""
