"""Back-testing: what strategies would have done in the incidents on record."""
