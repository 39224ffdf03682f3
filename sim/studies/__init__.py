"""Maps over the waist: many runs in, frames and frozen answers out; nothing here draws."""
