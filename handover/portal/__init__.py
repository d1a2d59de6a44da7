"""The service portal: pages of the catalogue's services that need no JavaScript. See `docs/portal.md`."""
