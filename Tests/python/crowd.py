#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A crowd that wants the same thing at the same moment.

usage: crowd.py PORT upload COUNT FILE     each sends the file under the same name
       crowd.py PORT read COUNT PATH [N]   each asks N times for one address over one connection; once unless given
Prints one JSON object: how many answers had each status, how many different bodies there were (of uploads: different
table ids, and reports of how they were read), and the longest time to an answer in seconds.
"""
import asyncio
import collections
import json
import sys
import time

port, action, count, what = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
times = int(sys.argv[5]) if len(sys.argv) > 5 else 1


async def read_answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((line.split(":")[1] for line in head.split("\r\n") if line.startswith("content-length:")), None)
    if length is not None:
        body = await reader.readexactly(int(length))
    else:
        body = b""
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
    return int(head.split(" ", 2)[1]), body


async def upload(start, content):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"PUT /v1/uploads/crowd.csv HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(content)}\r\n\r\n"
    await start.wait()
    began = time.perf_counter()
    writer.write(head.encode())
    writer.write(content)
    await writer.drain()
    status, body = await read_answer(reader)
    writer.close()
    answer = json.loads(body)
    tables = answer.get("tables") or [{}]
    report = answer.get("report") or {}
    return [(status, json.dumps([tables[0].get("id"), report.get("tables")]), time.perf_counter() - began)]


async def ask(start):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await start.wait()
    answers = []
    for _ in range(times):
        began = time.perf_counter()
        writer.write(f"GET {what} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        status, body = await read_answer(reader)
        answers.append((status, hash(body), time.perf_counter() - began))
    writer.close()
    return answers


async def main():
    start = asyncio.Event()
    if action == "upload":
        with open(what, "rb") as file:
            content = file.read()
        tasks = [asyncio.create_task(upload(start, content)) for _ in range(count)]
    else:
        tasks = [asyncio.create_task(ask(start)) for _ in range(count)]
    await asyncio.sleep(0.5)  # Until all are connected.
    start.set()
    answers = [answer for some in await asyncio.gather(*tasks) for answer in some]
    print(json.dumps({
        "statuses": collections.Counter(str(status) for status, _, _ in answers),
        "different": len({body for _, body, _ in answers}), "slowest": max(seconds for _, _, seconds in answers)}))


asyncio.run(main())
