#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Send many uploads at the same moment, and say how they were answered.

usage: overload.py PORT COUNT PREFIX
Each body is a CSV file that starts with PREFIX and differs from the others. Prints one JSON object: how many answers had
each status, how many of the 503 named the code `busy` and a Retry-After, and the longest time to an answer in seconds.
"""
import asyncio
import collections
import json
import sys
import time

port, count, prefix = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


async def upload(number, start):
    body = f"{prefix},b\n{number},x\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"PUT /v1/uploads/f{number}.csv HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n").encode()
    await start.wait()
    began = time.perf_counter()
    writer.write(head + body)
    answer = await reader.read()
    writer.close()
    fields, _, content = answer.partition(b"\r\n\r\n")
    status = int(fields.split(b" ", 2)[1])
    is_polite = b"retry-after:" in fields.lower() and b'"busy"' in content
    return status, is_polite, time.perf_counter() - began


async def main():
    start = asyncio.Event()
    tasks = [asyncio.create_task(upload(number, start)) for number in range(count)]
    await asyncio.sleep(0.5)  # Until all are connected.
    start.set()
    answers = await asyncio.gather(*tasks)
    statuses = collections.Counter(str(status) for status, _, _ in answers)
    busy = sum(1 for status, is_polite, _ in answers if status == 503 and is_polite)
    print(json.dumps({"statuses": statuses, "busy": busy, "slowest": max(seconds for _, _, seconds in answers)}))


asyncio.run(main())
