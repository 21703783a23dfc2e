"""Parameters that each operation of the house accepts; one without an example fails the tests.

A function makes them in the world of the test, where they name something in it.
"""

from functools import partial

from django.core.files.base import ContentFile

from callcentersite.apps.common.interchange import uploads
from opsconsole import registry

# One new row per kind of file.
FILES = {
    "import_configuracion": "clave,categoria,valor,tipo_dato\notra.x,otra,1,integer\n",
    "import_funcion": "nombre_completo,nombre,dominio,categoria\nsistema.x,x,sistema,x\n",
    "import_capacidad": "codigo,accion,nombre,nivel_riesgo\nsistema.x.ver,ver,Ver,bajo\n",
    "import_grupopermiso": "codigo,nombre,categoria,nivel_riesgo\nnuevo,Nuevo,x,bajo\n",
    "import_usuariogrupo": "usuario,grupo,motivo,vence_el\n",
}


def upload(name, world):
    """A file that has been sent for it."""
    content, model = ContentFile(FILES[name].encode()), registry.get(name).model_label()
    return {"upload": uploads.keep(content, name="filas.csv", sender=None, model=model).id}


EXAMPLES = {
    "apply_retention": {},
    "create_test_data": {"calls": 10},
    "erase_person": {"phone": "5512345678"},
    "generate_report": {"period": "yesterday", "format": "csv"},
    "run_etl": {"dry_run": True},
    "seed_configuraciones_default": {},
    "seed_permisos_granular": {},
    "seed_retention_policies": {},
    "undo_retention": {"run": 1},
    "vacuum_tables": {},
    **{name: partial(upload, name) for name in FILES},
}
