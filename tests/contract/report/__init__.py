"""What a run leaves behind: what was reached, what was found, what stays invisible."""
