"""The part that decides: records and rules, standard library only, no I/O, no clock, Python 3.9 syntax."""
