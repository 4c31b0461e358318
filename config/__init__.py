"""The composition root: settings, container, URLs, servers."""
