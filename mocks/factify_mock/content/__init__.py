"""What lies in an uploaded file: text with its structure and place, sheets, looks; no state and no HTTP."""
