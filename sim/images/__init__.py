"""What images are made of and how they are built: worked out before anything runs."""
