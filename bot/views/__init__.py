"""Every word and every block the bot shows, one file a feature."""
