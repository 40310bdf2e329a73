"""Who writes: hosted, local and extractive models behind one protocol."""
