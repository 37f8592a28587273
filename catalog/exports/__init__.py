"""The catalogue to take away: any list in other forms, and everything as files."""
