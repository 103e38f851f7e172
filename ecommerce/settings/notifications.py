"""Mail: backend, sender, folder of the file backend."""
