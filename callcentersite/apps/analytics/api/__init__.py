"""The figures of the calls, for other systems: JSON over ``calculate_metrics``."""
