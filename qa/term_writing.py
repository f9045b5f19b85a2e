"""What a term index is made of, and how passages are put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.term_making import TermEntry

if TYPE_CHECKING:
    import tantivy

FIELDS = ("words", "bigrams", "title", "heading")
"""What is searched: the passage's words, its character pairs, its title's and headings' words."""


EVERY = "every"
"""A field with one term that stands in every passage."""


class TermWriting:
    """A run of changes to a term index; they are seen, all together, when they are committed."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def remove(self, document_id: int) -> None:
        """Take out the passages that a document has now; an unknown id is ignored."""
        self._writer.delete_documents_by_term("document_id", document_id)

    def put(self, one: TermEntry) -> None:
        """Put one passage in."""
        import tantivy

        document = tantivy.Document()
        document.add_integer("passage_id", one.passage_id)
        document.add_integer("document_id", one.document_id)
        for field in FIELDS:
            document.add_text(field, getattr(one.terms, field))
        document.add_text(EVERY, EVERY)
        self._writer.add_document(document)

    def commit(self) -> None:
        """Write what was changed to the disk."""
        self._writer.commit()

    def take_back(self) -> None:
        """Forget what was changed since the last commit."""
        self._writer.rollback()


def schema() -> tantivy.Schema:
    """Give the fields of an index, for tantivy."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    # Signed: tantivy 0.27 deletes nothing, and says nothing, for a term of an unsigned field.
    builder.add_integer_field("passage_id", stored=False, indexed=True, fast=True)
    builder.add_integer_field("document_id", stored=False, indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(
            field, stored=False, tokenizer_name="whitespace", index_option="freq"
        )
    builder.add_text_field(EVERY, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()
