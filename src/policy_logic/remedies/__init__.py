"""What would make a refused line hold: the smallest changes of facts, tried and priced."""
