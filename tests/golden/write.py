"""Rewrite the golden summaries: ``make golden``, with a line under Regression in the CHANGELOG."""

from tests.golden.summary import write

if __name__ == "__main__":
    write()
