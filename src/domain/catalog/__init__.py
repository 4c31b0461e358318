"""Reference data: products, sites, lines, partners, operators."""
