"""Learning from verified rewards: a thin GRPO loop, each axis of whose algorithm is one small pure function.

    advantage    rewards [P, G] → advantages [P, G]                       advantage.py
    ratio        log-probabilities [B, T] → log ratio [B, T]              ratio.py
    objective    log ratio, advantages → loss of every token [B, T]       objective.py
    loss         losses [B, T] → one number, the same however split       aggregate.py
    kl           distance from a reference, in the loss or the reward     kl.py
    correction   for a sampler that is not the trainer                    correction.py
    filters      groups without spread, replies that were cut off         filters.py
    emphasis     hard groups count more, good replies are held closer     emphasis.py
    schedule     the learning rate by step                                schedule.py

Shapes everywhere: P prompts, G attempts at each, B = P·G replies (prompt by prompt), T tokens of the longest reply;
replies only, padded, with a mask bool [B, T] that holds the end token too. `presets.Algorithm` says by name which
function stands on which axis; the functions know nothing of it. What can be chosen is read without importing torch.
"""
