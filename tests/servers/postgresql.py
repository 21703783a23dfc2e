"""A PostgreSQL server of our own."""

import signal

import psycopg

from .programs import postgresql_program
from .server import Server


class PostgreSQL(Server):
    """PostgreSQL, UTF8; the user is a superuser, so it may create the test databases."""

    scheme = "postgres"
    system_user = "postgres"
    stop_signal = signal.SIGINT  # "fast": SIGTERM would wait for the last client
    crash_signal = signal.SIGQUIT  # "immediate": SIGKILL would leave its children behind

    def create(self) -> None:
        password_file = self.folder / "postgres.password"
        password_file.write_text(self.password)
        password_file.chmod(0o644)  # inside a folder that only its owner may list
        self.prepare([
            postgresql_program("initdb"), f"--pgdata={self.data}", f"--username={self.user}",
            f"--pwfile={password_file}", "--auth-local=trust", "--auth-host=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ])  # fmt: skip

    def command(self) -> list[str]:
        settings = {"listen_addresses": self.host, "port": self.port, "timezone": "UTC",
                    "unix_socket_directories": self.folder, "max_connections": 100}  # fmt: skip
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [postgresql_program("postgres"), "-D", str(self.data), *options]

    def start(self) -> None:
        super().start()
        self.create_database()

    def connect(self) -> None:
        psycopg.connect(self.maintenance_url, connect_timeout=5).close()

    def create_database(self) -> None:
        with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [self.database]
            ).fetchone()
            if not found:
                connection.execute(f'CREATE DATABASE "{self.database}"'.encode())

    @property
    def maintenance_url(self) -> str:
        return self.url.rpartition("/")[0] + "/postgres"
