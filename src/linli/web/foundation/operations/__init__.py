"""What those who run the server need: is it alive, is it ready, how much does it do; backup, restore."""
