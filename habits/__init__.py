"""Kept: a daily trust account for leaders."""
