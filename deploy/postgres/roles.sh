#!/bin/sh
# One role for each service and one for the pages (front). Each makes a schema of its own and is let into no other.
# Run as a superuser of the database (PGDATABASE, PGUSER, ... or arguments of psql), with the four
# passwords in the environment. ROLE_PREFIX keeps two installations on one server apart.
set -eu
for service in directory consent notify front; do
  variable="$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD"
  SECRET="$(printenv "$variable")" ROLE="${ROLE_PREFIX:-}$service" psql -q -v ON_ERROR_STOP=1 "$@" <<'SQL'
\getenv role ROLE
\getenv secret SECRET
SELECT format('CREATE ROLE %I LOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'secret';
SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO %I', current_database(), :'role') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
done
