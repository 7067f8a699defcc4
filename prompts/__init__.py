"""What a language model is told, one file per purpose and language; empty until one answers beside the extracts."""
