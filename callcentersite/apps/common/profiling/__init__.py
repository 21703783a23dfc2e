"""Where the time of a request goes: django-silk behind one gate, ``sistema.enable_profiling``."""
