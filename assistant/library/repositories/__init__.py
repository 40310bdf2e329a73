"""Reading and writing the tables of the library, one subject a module."""
