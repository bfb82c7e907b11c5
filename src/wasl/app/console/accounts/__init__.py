"""Where the organisation is paid, and how that is changed: by two people, with days in between."""
