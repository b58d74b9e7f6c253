"""Memory: what earlier contacts taught, as rows that any store can keep between two runs."""
