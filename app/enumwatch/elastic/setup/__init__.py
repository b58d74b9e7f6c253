"""What enumwatch needs in a cluster: made, upgraded, shown and taken away again; every name begins with enumwatch."""
