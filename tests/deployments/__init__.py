"""lastgood in real deployments: the pages of `docs/how-to`, run against the real thing."""
