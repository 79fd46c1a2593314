"""What `scale_trial.py` tries, a module each engine."""
