"""What `tare explain` says: a module for each kind of page, and for what pages have in common."""
