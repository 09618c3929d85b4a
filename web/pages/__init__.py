"""The pages: one module each, found by itself (:mod:`web.page`)."""
