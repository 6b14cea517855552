"""Equipment (L9, L13, Q3, N15): place, purpose, keeper, status, maintenance. No image, plate or face."""
