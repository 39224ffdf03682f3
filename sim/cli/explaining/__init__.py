"""What `tare explain` says: a page for each kind of thing that has a name."""
