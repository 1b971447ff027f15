"""`make shots`: the reader's pages in every state, as pictures to be looked at by a person."""
