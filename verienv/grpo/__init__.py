"""Training a policy by GRPO. The only package that imports torch."""
