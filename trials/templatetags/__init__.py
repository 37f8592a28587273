"""Parts of the admin's pages."""
