"""The words of the site in other languages, and the tool that keeps them: `make messages`.

`readers/` is what readers see. English is in the sources. What only the desk sees has no catalogue, and would get one of its own.
"""
