"""Images: how a Dockerfile makes one, what of it is cached, and those of the user's own."""
