"""From an uploaded file to what readers get. Pure: bytes in, bytes and facts out; no model, no storage, no request."""
