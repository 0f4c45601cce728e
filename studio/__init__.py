"""Studio: build, train and ship neural networks without writing code."""

__version__ = "0.1.0"
