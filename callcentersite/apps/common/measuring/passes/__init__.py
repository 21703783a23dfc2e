"""The same target several times over, looked at in one way each time.

Timing comes first and without any profiler; sampling says where the time goes, counting how often
each function is called. Two profilers in one pass would measure each other.
"""
