"""The part of XPath 2.0 that Schematron-derived sheets use: a parser to a small tree, and a reference interpreter."""
