"""Workers: processes that may die, take too long or be withdrawn, and what is lost with them."""
