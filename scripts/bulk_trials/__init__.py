"""What bulk runs promise, a module each: every trial says what it saw, and whether it holds."""
