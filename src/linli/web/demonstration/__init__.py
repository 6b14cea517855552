"""Made-up people, addresses and cases for trying Linli out; everything in here is synthetic and says so."""
