"""The playground's cast, their lives and the guide: data that the command line hands over."""
