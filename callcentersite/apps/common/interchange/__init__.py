"""Rows out to a file and back in: with rights of their own, a preview, and without loss.

A model takes part with a Resource and ``class XAdmin(InterchangeAdmin)``; its Meta declares the
permissions ``import_<model>`` and ``export_<model>``.
"""
