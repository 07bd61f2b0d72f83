"""What the stateless Prism thinks of the same exchanges, and where its view and ours part."""

from factify_contract.second_opinion.prism import SecondOpinion, second_opinion

__all__ = ["SecondOpinion", "second_opinion"]
