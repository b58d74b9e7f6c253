"""Everything that takes bytes, fed with spoiled ones: `python -m tests.fuzz --seconds 60 --seed 1`."""
