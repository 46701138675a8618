"""The database: connections, transactions, tables, migrations. SQLAlchemy without product logic."""
