#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generates a second corpus, written without a look at the first: clean tables with one fault each, and found forms.

    second_corpus.py [DIRECTORY] [SEED]

Its files and their truths are like those of `corpus.py`, and `score.py --corpus DIRECTORY` judges it too.
"""

import sys

import compounds
import found_forms
import single_faults
from corpus import write


def main(directory="/tmp/understanding-2", seed="2"):
    write((single_faults, compounds, found_forms), directory, seed)


if __name__ == "__main__":
    main(*sys.argv[1:])
