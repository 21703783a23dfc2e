"""What the pages are tried with."""

import re

import pytest

from opsconsole import Operation, registry
from tests.house.typed_lines import ROOT

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def example():
    """The operation that the documentation adds, added."""
    code = CODE.search((ROOT / "docs" / "how-do-i.md").read_text()).group(1)
    names = {"__name__": "tests.house.example"}
    exec(code, names)
    (operation,) = (
        value
        for value in names.values()
        if isinstance(value, type) and value.__module__ == names["__name__"]
        if issubclass(value, Operation)
    )
    yield registry.register(operation)()
    registry.unregister(operation.name)
