#!/bin/bash
# Read by the MariaDB image when its database is new: the console's user, who may only read.
docker_process_sql <<SQL
CREATE USER 'lector'@'%' IDENTIFIED BY '${LEGACY_PASSWORD}';
GRANT SELECT ON ivr_legacy.* TO 'lector'@'%';
SQL
