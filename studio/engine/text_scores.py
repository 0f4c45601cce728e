"""Text scores: how close written texts come to those that were wanted."""

from collections.abc import Mapping, Sequence

import sacrebleu


def text_scores(answers: Sequence[str], truths: Sequence[str]) -> Mapping[str, float]:
    """BLEU and chrF of a part, from 0 to 100, by sacrebleu with its own settings.

    BLEU: Papineni et al. 2002, as Post 2018 made it comparable. chrF: Popović 2015.
    """
    if not any(truths):
        return {}
    bleu = sacrebleu.corpus_bleu(list(answers), [list(truths)])
    chrf = sacrebleu.corpus_chrf(list(answers), [list(truths)])
    return {"bleu": float(bleu.score), "chrf": float(chrf.score)}
