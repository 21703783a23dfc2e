"""How well the console does: what is looked at, what is too much of it, and one number for all."""
