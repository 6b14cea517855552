"""The features of daily work. Each is a folder that could be deleted; none imports another."""
