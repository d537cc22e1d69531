"""Reading what people bring along: from bytes to a table or a text, or to a sentence."""
