"""The first steps: papers, search, who writes; each shown with its state and done in place."""
