"""What the API takes and gives, as the models that validate it and that its description is made of."""
