"""Between the network and the WSGI application: no thread waits for a client."""
