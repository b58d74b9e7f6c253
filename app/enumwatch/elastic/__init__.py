"""What enumwatch puts into an Elasticsearch cluster, and what it reads there."""
