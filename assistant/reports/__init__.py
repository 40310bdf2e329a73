"""What is made of many papers: digests, comparisons, surveys, trends and ideas."""
