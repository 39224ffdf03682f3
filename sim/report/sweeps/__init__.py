"""A sweep as people read it: who wins where, by how much, where it turns, and what matters."""
