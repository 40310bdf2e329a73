"""The SQLite file: opening, migrating, locking, rows."""
