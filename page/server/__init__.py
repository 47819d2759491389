"""What stands between the network and the page: guards, limits, uploads."""
