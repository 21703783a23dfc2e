"""One more iteration, watched closely: who asks what, with which arguments, and uses what."""
