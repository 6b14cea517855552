"""What every page shares: texts, navigation, errors, the home page, search."""
