"""Long campaigns against what must never happen; `make test` runs a short version of each."""
