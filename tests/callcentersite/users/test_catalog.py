"""The catalogue is judged before anything is written."""

import pytest

from callcentersite.apps.users.domain.catalog import CatalogError, parse
from callcentersite.apps.users.seeding import FILES, the_catalog


@pytest.fixture
def texts():
    from importlib.resources import files

    folder = files("callcentersite.apps.users").joinpath("catalog")
    return {name: folder.joinpath(f"{name}.csv").read_text("utf-8") for name in FILES}


def test_the_catalogue_has_the_guides_numbers():
    catalog = the_catalog()

    assert len(catalog.funciones) == 13
    assert len(catalog.capacidades) == 78
    assert len(catalog.grupos) == 10
    assert len(catalog.grupo_capacidades) == 75


def test_its_values_are_typed():
    first = the_catalog().capacidades[0]

    assert first.codigo == "sistema.administracion.usuarios.ver"
    assert (first.orden, first.es_requerida, first.requiere_aprobacion) == (1, True, False)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("grupos", "visualizacion_basica,", "administracion_usuarios,", "está repetido"),
        ("grupos", ",bajo,", ",terrible,", "el riesgo 'terrible' no existe"),
        ("grupos", ",true,", ",quizás,", "No se puede leer el catálogo"),
        ("funciones", "user-circle,100", "user-circle,cien", "No se puede leer el catálogo"),
        ("funciones", "sistema.calidad.auditoria", "otra.cosa", "función desconocida"),
        ("capacidades", ".usuarios.ver,", ".usuarios.mirar,", "no es su función y su acción"),
        ("grupo_capacidades", "llamadas.ver", "llamadas.oír", "no existe"),
        ("capacidades", "requiere_aprobacion", "aprobacion", "No se puede leer el catálogo"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(texts, file, old, new, sentence):
    assert old in texts[file]

    with pytest.raises(CatalogError, match=sentence):
        parse(texts | {file: texts[file].replace(old, new, 1)})


@pytest.mark.parametrize("file", FILES)
def test_a_missing_line_is_noticed(texts, file):
    shorter = "\n".join(texts[file].splitlines()[:-1])

    with pytest.raises(CatalogError, match="se esperaban"):
        parse(texts | {file: shorter})
