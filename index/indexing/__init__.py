"""The write path as a whole: articles are analysed, stored and published."""
