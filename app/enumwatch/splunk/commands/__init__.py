"""What the search commands do. Runs inside Splunk: pure Python 3.9, nothing but the standard library and what `lib/` holds."""
