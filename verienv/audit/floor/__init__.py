"""The blind floor: what the best simple policy earns that only copies and never works anything out.

`policies.py` is what a policy can be, `search.py` looks for the best one.
"""
