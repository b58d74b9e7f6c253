"""Tests of the watches: what they say, and what becomes of it when real engines execute them."""
