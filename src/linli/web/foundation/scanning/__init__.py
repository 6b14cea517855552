"""Files are shown to a virus scanner, where the installation has one."""
