"""How dates are written where Django writes them too long for a column."""
