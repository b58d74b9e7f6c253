"""Identity gathering (T1589): who reads the directory far more than usual, and who tries the forms of one name."""
