"""Help and training: articles, glossary, lessons and notes, all of them files of the source in two languages."""
