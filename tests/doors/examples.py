"""Parameters that each operation of the house accepts; one without an example fails the tests."""

EXAMPLES = {
    "create_test_data": {"calls": 10},
    "profile_code": {"endpoint": "/admin/", "iterations": 1},
    "run_etl": {"dry_run": True},
    "seed_configuraciones_default": {},
    "seed_permisos_granular": {},
}
