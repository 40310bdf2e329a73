"""Training of the project's own two models; not part of the package."""
