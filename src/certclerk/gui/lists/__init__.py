"""What comes out of the roster beside a submission: shown, printed, saved, ticked."""
