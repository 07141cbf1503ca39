"""Faults that pass: the message or request is kept and tried again, never counted as poison."""


class Unavailable(Exception):
    """Something this process depends on does not answer now."""
