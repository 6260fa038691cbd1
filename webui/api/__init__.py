"""The API under `/api/v1`: JSON over the same commands and the same questions as the pages."""
