"""Exists because `decord._ffi.base` is imported for its errors."""
