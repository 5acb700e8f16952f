"""One module a page of the web app; each offers `router`."""
