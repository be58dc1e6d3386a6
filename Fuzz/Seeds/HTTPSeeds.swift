// SPDX-License-Identifier: Apache-2.0

import IngestTesting

/// Bodies with the boundary `b`, whole and broken.
let multipartSeeds: [Seed] = {
  let file = part("Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv", "a,b")
  let bodies: [(String, String)] = [
    ("one_field", field("a", "1") + end), ("two_fields", field("a", "1") + field("b", "2") + end),
    ("no_part", end), ("empty_content", field("a", "") + end), ("line_end", field("a", "\r\n") + end),
    ("returns", field("a", "\r\r\r\r") + end), ("nearly_a_delimiter", field("a", "\r\n--") + end),
    ("boundary_in_a_line", field("a", "x--b--x") + end), ("preamble", "hello\r\n" + field("a", "1") + end),
    ("epilogue", field("a", "1") + end + "bye"), ("file", file + end), ("form", field("name", "t") + file + end),
    ("many_parts", String(repeating: field("a", "1"), count: 33) + end),
    ("unknown_lines", part("X-A: 1\r\nContent-Disposition: form-data; name=a\r\nX-B:", "1") + end),
    ("unfinished", field("a", "1")), ("cut_boundary", field("a", "1") + "--b-"),
    ("bare_line_end", "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--"),
    ("no_disposition", part("X: y", "1") + end), ("nested", part("Content-Type: multipart/mixed", "1") + end),
    ("encoded", part("Content-Transfer-Encoding: base64", "1") + end),
    ("two_names", part("Content-Disposition: form-data; name=a; name=b", "1") + end),
    ("long_preamble", String(repeating: "p", count: 1_025) + "\r\n" + end),
    ("long_line", part("X: " + String(repeating: "x", count: 8_100), "1") + end),
  ]
  return bodies.map { Seed($0, [0, 1, 0]).adding($1) }
    + [
      Seed("repeated_returns", [0, 1, 0xFF]).adding(field("a", String(repeating: "\r\n--", count: 30))),
      Seed("other_boundary", [3, 1, 0]).adding(
        (field("a", "1") + end).replacing("--b", with: "------WebKitFormBoundaryAbC123")),
      Seed("hyphens", [1, 1, 0]).adding((field("a", "1") + end).replacing("--b", with: "----")),
    ]
}()

/// The first byte chooses the parser: see `Subject` of the target.
let headerSeeds: [Seed] = {
  let texts: [(String, UInt8, [UInt8], [String])] = [
    (
      "parameters", 0, [],
      ["form-data; name=\"a\\\"b\"; filename=a.csv", "text/csv;charset=utf-8;;q=\"\\\\\"", "a ; b=\"", ""]
    ),
    (
      "disposition", 1, [],
      [
        "Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.csv\"\nContent-Type: text/csv",
        "content-disposition:form-data;name=a;filename*=UTF-8''b", "Content-Disposition: form-data; name*0=a",
        "Content-Disposition: attachment", "Content-Type: multipart/mixed", "X: y", " folded",
      ]
    ),
    (
      "boundary", 2, [],
      [
        "multipart/form-data; boundary=abc", "multipart/form-data; boundary=\"a b\"",
        "Multipart/Form-Data;Boundary=\"a ",
      ]
    ),
    ("entity_tag", 3, [1], ["*", "\"abc-csv-1\"", "W/\"abc-csv-1\" , \"x\"", " \"x\" ,\t\"abc-csv-1\" "]),
    ("entity_tag_of_content", 3, [0, 1, 2, 3], ["\"d-d872e2a5d4c5dd2b-3\""]),
    (
      "byte_range", 4, [1, 100], ["bytes=0-0", "bytes=10-", "bytes=-5", "bytes=99-1000", "bytes=0-1,3-4", "items=1-2"]
    ),
    (
      "byte_range_of_a_long_file", 4, [0] + [UInt8](repeating: 0xFF, count: 8),
      ["bytes=0-18446744073709551615", "bytes=-99999999999999999999"]
    ),
    ("accept", 5, [], ["*/*", "text/csv;q=0.5, application/json;q=0.4", "text/*;q=0, */*;q=1.0", "text/csv;q=nan"]),
    (
      "host", 6, [0],
      [
        "localhost:8080\nhttp://localhost:8080", "[::1]:80\nhttp://[::1]\n\nsame-origin", "evil.org",
        "tables.example.org\nhttps://tables.example.org:443", "LOCALHOST.\nnull\n\ncross-site",
      ]
    ),
    (
      "target", 7, [],
      ["/v1/tables/gr%C3%B6%C3%9Fe.csv?limit=10&after=a+b%2Bc#x", "/", "/%", "/a//b?=&&=x", "/v1/uploads/%FF%2Fb"]
    ),
    (
      "framing", 8, [2],
      [
        "/\nhost:localhost\ncontent-length:3", "/\nhost:a\ntransfer-encoding:chunked\nexpect:100-continue",
        "/\nhost:a\nhost:b", "*\nhost:a", "/\nhost:a\ncontent-encoding:gzip", "/\nhost:a\ncontent-length:+3",
      ]
    ),
    ("media_type", 9, [], ["text/csv", " Text/CSV ; charset=utf-8", "\u{212A}/x", "a/b/c", "/"]),
    (
      "upload_name", 10, [],
      [
        "sales.csv", "../a.csv", "C:\\dir\\a.csv", "a.php%00.csv", "a\u{202E}b", "..%2Fa.csv.gz", "é.CSV",
        "a/\u{301}.x",
      ]
    ),
    (
      "prefer", 12, [],
      ["respond-async", "wait=10, Respond-Async; a=b", "a=\"x, respond-async\"", "respond-async=\"\"", "a=\"\\\","]
    ),
    ("table_name", 11, [], ["sales.csv.gz", "größe", "e\u{301}", "\u{1F0}", "日本 2024.csv", "", "...", "A b-c_d"]),
  ]
  return texts.flatMap { name, subject, start, texts in
    texts.enumerated().map { Seed("\(name)_\($0)", [subject] + start).adding($1) }
  }
}()
