"""How the shipped model was made; run as `python -m embeddings.training`.

Nothing else in the project imports this package, and its dependencies are not those of the product
(dependency group `training`).
"""
