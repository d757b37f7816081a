"""The nouns that the service keeps, and the folds over them. No I/O, no clock, no other package of ours."""
