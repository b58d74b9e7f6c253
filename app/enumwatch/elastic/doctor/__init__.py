"""Says what is wrong with an installation in a cluster, by asking the cluster; nothing is changed there."""
