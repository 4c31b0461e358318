"""The rules of the plant: attrs and the standard library, nothing else."""
