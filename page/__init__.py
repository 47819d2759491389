"""What the page shows: values of `rag` become HTML.  Nothing here looks anything up."""
