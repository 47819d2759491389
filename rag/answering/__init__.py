"""An answer is put together and verified, or refused with a reason."""
