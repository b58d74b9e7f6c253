"""Hunts: questions to put to the logs by hand, each written once as data and rendered in four query languages."""
