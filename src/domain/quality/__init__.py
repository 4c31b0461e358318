"""The reasons and the history behind the disposition of a lot: decisions and holds."""
