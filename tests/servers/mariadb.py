"""A MariaDB server of our own, as the IVR has it."""

import MySQLdb

from .programs import program
from .server import Server


class MariaDB(Server):
    """MariaDB 10.11 with ``sql_mode=''``, as the IVR runs it."""

    scheme = "mysql"
    system_user = "mysql"

    def create(self) -> None:
        self.prepare([
            program("mariadb-install-db"), "--no-defaults", f"--datadir={self.data}",
            "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
        ])  # fmt: skip
        (self.folder / "mysql.init.sql").write_text(
            f"CREATE DATABASE IF NOT EXISTS `{self.database}`;\n"
            f"CREATE OR REPLACE USER '{self.user}'@'%' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON *.* TO '{self.user}'@'%' WITH GRANT OPTION;\n"
        )

    def command(self) -> list[str]:
        options = [
            "--no-defaults", f"--datadir={self.data}", f"--bind-address={self.host}",
            f"--port={self.port}", f"--socket={self.folder}/mysql.sock", "--sql-mode=",
            f"--pid-file={self.folder}/mysql.own-pid", f"--init-file={self.folder}/mysql.init.sql",
            "--skip-name-resolve", "--skip-log-bin", "--character-set-server=utf8mb4",
        ]  # fmt: skip
        if self.durable:
            # The legacy server is no laptop: its buffer pool holds the table of a million calls.
            options.append("--innodb-buffer-pool-size=1G")
        else:
            options += ["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
                        "--innodb-doublewrite=0"]  # fmt: skip
        return [program("mariadbd"), *options]

    def connect(self) -> None:
        MySQLdb.connect(
            host=self.host, port=self.port, user=self.user, password=self.password,
            database=self.database, connect_timeout=5,
        ).close()  # fmt: skip
