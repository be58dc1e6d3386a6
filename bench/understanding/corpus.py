#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generates delimited files of every kind that people upload, each with the truth about it in a JSON file beside it.

    corpus.py [DIRECTORY] [SEED]

The same seed gives the same bytes. Each group is a folder; the truth's keys are those of `ingest sniff --json`, with
`names`, `types` and `cells` of the table that must come out, and `half`: `tuning` or `held_out`.
"""

import shutil
import sys
from pathlib import Path

import contents
import dialects
import exports
import oddities
import pollution
import quoted_pollution
import structures
from writing import Corpus


def write(parts, directory, seed):
    """Fills a directory with the files of these parts."""
    directory = Path(directory)
    if directory.exists():
        if any(directory.iterdir()) and not (directory / "seed").exists():
            raise SystemExit(f"{directory} holds something else")
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    (directory / "seed").write_text(seed)
    corpus = Corpus(directory, seed)
    for part in parts:
        part.generate(corpus)
    print(f"{corpus.files} files in {directory}")


def main(directory="/tmp/understanding", seed="1"):
    write((dialects, structures, contents, pollution, quoted_pollution, exports, oddities), directory, seed)


if __name__ == "__main__":
    main(*sys.argv[1:])
