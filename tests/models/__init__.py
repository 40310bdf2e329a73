"""Tests of the writing models."""
