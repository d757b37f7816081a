"""What people take away: the registration form, the copy of their data, the progress card."""
