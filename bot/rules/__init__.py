"""Pure decisions: rows and a moment in, a value or a refusal out."""
