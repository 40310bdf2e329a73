"""Questions about the collection, as typed plans that tables answer."""
