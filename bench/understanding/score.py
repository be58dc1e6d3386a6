#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores how well tools understand the files of `corpus.py`.

An exact table has the right names and the right cells, after whatever must be set aside. `form` says whether line ends,
encoding and comments are right, `structure` the numbers of lines above and below the table; `types` is the share of
columns with the type that the rules ask for. A dash means that the tool does not say.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from reading import ASPECTS, judge
from tools import SAYS, TOOLS



def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("/tmp/understanding"))
    parser.add_argument("--half", choices=("tuning", "held_out", "all"), default="tuning")
    parser.add_argument("--tools", default="ingest", help=f"of {','.join(TOOLS)}, separated by commas")
    parser.add_argument("--ingest", default="ingest", metavar="PATH", help="the program to score")
    parser.add_argument("--groups", default="", help="only groups that begin with one of these, separated by commas")
    parser.add_argument("--failures", action="store_true", help="a line for each file that is not understood")
    parser.add_argument("--json", type=Path, help="write the marks of each tool and file here")
    return parser.parse_args()


def truths(options):
    """The corpus, by the path of each file."""
    wanted = tuple(options.groups.split(","))
    found = {}
    for path in sorted(options.corpus.glob("*/*.json")):
        truth = json.loads(path.read_text())
        if options.half in ("all", truth["half"]) and truth["group"].startswith(wanted):
            found[path.with_suffix(".csv")] = truth
    return found


def score(tool, corpus, options):
    """The marks of each file."""
    marks = {}
    for path, reading in TOOLS[tool](list(corpus), **({"program": options.ingest} if tool == "ingest" else {})):
        marks[path], difference = judge(corpus[path], reading)
        for aspect in {"form", "structure", "types"} - SAYS.get(tool, set()):
            marks[path][aspect] = None
        if options.failures and difference:
            print(f"{tool}: {corpus[path]['name']}: {difference}")
    return marks


def mean(marks, aspect):
    known = [mark[aspect] for mark in marks if mark.get(aspect) is not None]
    return f"{100 * sum(known) / len(known):6.1f}" if known else "     –"


def print_groups(tool, corpus, marks):
    """Every aspect of one tool by group."""
    groups = defaultdict(list)
    for path, truth in corpus.items():
        groups[truth["group"]].append(marks[path])
    print(f"{tool:22} files " + " ".join(f"{aspect:>9}" for aspect in ASPECTS))
    for group, found in [*sorted(groups.items()), ("TOTAL", list(marks.values()))]:
        print(f"{group:22} {len(found):5} " + " ".join(f"{mean(found, aspect):>9}" for aspect in ASPECTS))


def print_exact(corpus, all_marks):
    """The rate of exact tables of several tools, by group."""
    groups = sorted({truth["group"] for truth in corpus.values()})
    print(f"{'exact tables, %':22} files " + " ".join(f"{tool:>10}" for tool in all_marks))
    for group in groups:
        paths = [path for path, truth in corpus.items() if truth["group"] == group]
        print(f"{group:22} {len(paths):5} " + " ".join(
            f"{mean([marks[path] for path in paths], 'exact'):>10}" for marks in all_marks.values()))
    for aspect in ASPECTS:
        print(f"{'TOTAL ' + aspect:22} {len(corpus):5} " + " ".join(
            f"{mean(marks.values(), aspect):>10}" for marks in all_marks.values()))


def main():
    options = arguments()
    corpus = truths(options)
    if not corpus:
        raise SystemExit(f"no files: run corpus.py {options.corpus}")
    all_marks = {}
    for tool in options.tools.split(","):
        start = time.perf_counter()
        all_marks[tool] = score(tool, corpus, options)
        print(f"{tool}: {len(corpus)} files in {time.perf_counter() - start:.1f} s", file=sys.stderr)
    if len(all_marks) > 1:
        print_exact(corpus, all_marks)
    else:
        print_groups(*all_marks, corpus, *all_marks.values())
    if options.json:
        options.json.write_text(json.dumps({tool: {corpus[path]["name"]: mark for path, mark in marks.items()}
                                            for tool, marks in all_marks.items()}))


if __name__ == "__main__":
    main()
