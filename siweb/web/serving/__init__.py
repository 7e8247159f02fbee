"""The server: slow visitors wait in an asynchronous front, pages are made by a few threads."""
