"""Contacts from logs in Elasticsearch: the cluster groups, the rules of the rulebook are applied to the groups here."""
