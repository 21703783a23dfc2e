"""Parameters that each operation of the house accepts; one without an example fails the tests."""

EXAMPLES = {
    "apply_retention": {},
    "create_test_data": {"calls": 10},
    "erase_person": {"phone": "5512345678"},
    "run_etl": {"dry_run": True},
    "seed_configuraciones_default": {},
    "seed_permisos_granular": {},
    "seed_retention_policies": {},
    "undo_retention": {"run": 1},
    "vacuum_tables": {},
}
