"""Says what is wrong with an installation, from what an admin exports of it; nothing is asked of Splunk itself."""
