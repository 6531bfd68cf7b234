"""What runs in the target's own process: standard library only, so that any interpreter which holds the target will do.

`worker.py` is started as a script and reads its neighbours by path; nothing here imports verienv.
"""
