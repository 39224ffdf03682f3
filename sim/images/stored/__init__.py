"""Images of the user's own, read where they lie: layouts, archives, and what Docker says of one."""

from sim.images.stored.reading import names_image, read_image

__all__ = ["names_image", "read_image"]
