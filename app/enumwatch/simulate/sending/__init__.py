"""Sending: labelled events of scenarios that end now, into a live Splunk or Elasticsearch, marked so that they can go."""
