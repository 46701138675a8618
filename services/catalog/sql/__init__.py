"""The database: engine, tables, migrations, and how rows are written."""
