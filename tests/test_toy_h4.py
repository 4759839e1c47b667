import pytest, time
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
def test_a(database_url):
    e=create_engine(database_url, poolclass=NullPool)
    with e.connect() as c: print(c.execute(text("select version_num from alembic_version")).scalar())
def test_b(empty_postgres_url):
    e=create_engine(empty_postgres_url, poolclass=NullPool)
    with e.connect() as c:
        print(c.execute(text("select version()")).scalar(), c.execute(text("show fsync")).scalar(), c.execute(text("show server_encoding")).scalar())
        assert c.execute(text("select count(*) from pg_tables where schemaname='public'")).scalar()==0
@pytest.mark.browser
def test_c(chromium): print(chromium)
