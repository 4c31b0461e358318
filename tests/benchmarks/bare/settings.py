"""Those of production, with the bare views in place of the product's."""

from config.settings import prod

globals().update({name: value for name, value in vars(prod).items() if name.isupper()})

ROOT_URLCONF = "tests.benchmarks.bare.urls"
