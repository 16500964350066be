"""How much Kept costs: Today and a tap, beside the smallest app of its kind."""
