"""A PostgreSQL server for the capofilas: one template, and a clean database of it for every schedule."""

from __future__ import annotations

import uuid

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url


class Databases:
    """Makes databases on a server where that is allowed; `url` names any database of it."""

    def __init__(self, url: str) -> None:
        self._server = make_url(url).set(drivername="postgresql")
        self.template = self._named(f"wire_{uuid.uuid4().hex[:8]}")
        """The URL of an empty database; what is written there before the first `new` is in every other."""
        self._run("CREATE DATABASE {}", self.template)

    def new(self) -> str:
        """Return the URL of a copy of the template, which nobody may have open."""
        made = self._named(f"{make_url(self.template).database}_{uuid.uuid4().hex[:8]}")
        self._run("CREATE DATABASE {} TEMPLATE {}", made, self.template)
        return made

    def drop(self, url: str) -> None:
        """Remove a database, whoever still has it open."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", url)

    def _named(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, words: str, *urls: str) -> None:
        names = [sql.Identifier(make_url(url).database or "") for url in urls]
        server = self._server.render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL(words).format(*names))
