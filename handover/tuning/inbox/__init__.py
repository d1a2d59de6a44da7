"""The inbox: what people asked and the assistant missed, grouped, to be labelled one key at a time."""
