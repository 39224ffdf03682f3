"""What is asked: scenario files, read with the place of every value, checked, and resolved."""
