"""The trust account as pure arithmetic: what happened, what is due, what it adds up to."""
