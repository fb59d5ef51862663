"""The stores and the cluster of the deployments, started and raced in."""
