"""Whether the tokenizer in the folder of a pretrained network speaks of what the network knows."""

from studio.core.backbone import Backbone
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.tokenizer_file import read_tokenizer
from studio.data.tokenizer_json import known as known_tokenizer


def require_tokens(known: Backbone) -> None:
    """StudioError where there is no tokenizer, or one with tokens that the network never saw."""
    found = known_tokenizer(read_tokenizer(known.folder, known.length)).tokenizer
    most = max(found.get_vocab(with_added_tokens=True).values(), default=-1)
    if most < known.vocabulary:
        return
    raise refuse(
        tr(
            "The tokenizer in {folder} has {count} tokens, and {name} knows {vocabulary}.",
            folder=known.folder,
            count=most + 1,
            name=known.name,
            vocabulary=known.vocabulary,
        ),
        tr("Save both with save_pretrained into one folder once more, and choose it again."),
        place=Place("file"),
        code="strange-tokenizer",
    )
