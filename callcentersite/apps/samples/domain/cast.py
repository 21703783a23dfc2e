"""The people of the demonstration: one for each of the catalogue's ten groups."""

from dataclasses import dataclass

DOMAIN = "demo.example"  # nobody's, by RFC 2606: mail to it goes nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An account with the rights of one group; her password is her name, as the demo's is."""

    username: str
    first_name: str
    last_name: str
    group: str

    @property
    def email(self) -> str:
        """By which the account is known for one of these, whoever else is called the same."""
        return f"{self.username}@{DOMAIN}"


def role(group: str, first_name: str, last_name: str, username: str) -> Role:
    """One line of the list."""
    return Role(username=username, first_name=first_name, last_name=last_name, group=group)


ADMINISTRATOR = role("administracion_usuarios", "Ana", "Aguilar", "ana")
TECHNICIAN = role("configuracion_sistema", "Carla", "Castro", "carla")
ANALYST = role("analisis_operativo", "Fabián", "Flores", "fabian")
AUDITOR = role("auditoria_llamadas", "Irene", "Ibarra", "irene")
CAST = (
    ADMINISTRATOR,
    role("visualizacion_basica", "Bruno", "Bravo", "bruno"),
    TECHNICIAN,
    role("atencion_cliente", "Diego", "Díaz", "diego"),
    role("atencion_cliente_avanzada", "Elena", "Espinosa", "elena"),
    ANALYST,
    role("gestion_equipos", "Gabriela", "García", "gabriela"),
    role("gestion_horarios", "Hugo", "Herrera", "hugo"),
    AUDITOR,
    role("evaluacion_desempeno", "Julia", "Juárez", "julia"),
)
EMAILS = tuple(one.email for one in CAST)
