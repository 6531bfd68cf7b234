"""Other people's interfaces, one file each: a trainer's, an evaluator's, an environment server's.

    trl verl openrlhf skyrl verifiers openenv inspect_ai lm_eval

Each is thin over `verienv.adapters.specs`: the `spec` of a row and the reply are all it takes to score. No framework
is imported before its adapter is asked for, and one that is absent is answered with the line that installs it.
"""
