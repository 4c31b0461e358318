"""Where lots went and what went into them: genealogy and trace."""
