"""The local engine: log exports on a laptop, counted by embedded DuckDB."""
