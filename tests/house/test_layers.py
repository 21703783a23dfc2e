"""Imports go one way."""

from importlinter.cli import EXIT_STATUS_ERROR, EXIT_STATUS_SUCCESS, lint_imports

BACKWARDS = """\
[importlinter]
root_package = callcentersite
[importlinter:contract:1]
name = What everybody knows to be untrue
type = forbidden
source_modules = callcentersite.demo
forbidden_modules = callcentersite.settings
"""


def test_every_import_follows_the_contracts(tmp_path):
    assert lint_imports(cache_dir=str(tmp_path), no_logo=True) == EXIT_STATUS_SUCCESS


def test_an_import_against_a_contract_is_noticed(tmp_path):
    contract = tmp_path / "contract.ini"
    contract.write_text(BACKWARDS)

    found = lint_imports(str(contract), cache_dir=str(tmp_path), no_logo=True)

    assert found == EXIT_STATUS_ERROR
