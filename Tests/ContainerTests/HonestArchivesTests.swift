// SPDX-License-Identifier: Apache-2.0

import Readers
import Testing

@Suite("Honest archives")
struct HonestArchivesTests {
  /// Writes `kind` to standard output, which is a pipe and cannot seek.
  private static let program = """
    import io, sys, zipfile
    kind = sys.argv[1]
    rows = b"id,name\\n" + b"".join(b"%d,x%d\\n" % (n, n * n) for n in range(20000))
    method = zipfile.ZIP_STORED if "stored" in kind else zipfile.ZIP_DEFLATED
    out = sys.stdout.buffer if "streamed" in kind else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in ("a.csv", "Gr\\u00f6\\u00dfe/\\u8868.csv"):
            with archive.open(name, "w", force_zip64="zip64" in kind) as member:
                member.write(rows)
        archive.writestr("empty.csv", b"")
        archive.writestr("folder/", b"")
        if "comment" in kind:
            archive.comment = b"a comment"
    if "appended" in kind:
        with zipfile.ZipFile(out, "a", method) as archive:
            archive.writestr("later.csv", rows)
    if "streamed" not in kind:
        sys.stdout.buffer.write(out.getvalue())
    """

  @Test(
    "C18 archives of Python's zipfile pass",
    arguments: [
      "stored", "deflated", "stored streamed", "deflated streamed", "stored zip64", "deflated zip64",
      "stored streamed zip64", "deflated streamed zip64", "deflated comment", "deflated appended",
    ])
  func pythonArchives(kind: String) throws {
    let bytes = try Fixtures.python(["-c", Self.program, kind])
    let rows = Array(("id,name\n" + (0..<20_000).map { "\($0),x\($0 * $0)\n" }.joined()).utf8)
    var expected = ["a.csv": rows, "Größe/表.csv": rows, "empty.csv": []]
    if kind.contains("appended") { expected["later.csv"] = rows }
    #expect(try unzip(bytes) == .contents(expected))
  }

  @Test("C16 members that nobody asks for are passed over, and the end stays the end")
  func skipping() throws {
    let archive = MappedBytes(try Fixtures.python(["-c", Self.program, "deflated streamed"]))
    let directory = try ZipDirectory(of: archive, caps: defaultCaps, maximumEntries: 4)
    var expander = try ZipExpander(archive, directory)
    for entry in directory.entries { #expect(try expander.next() == entry) }
    for _ in 0..<3 { #expect(try expander.next() == nil) }
    #expect(try expander.expandCurrent(into: makeScratch(), caps: defaultCaps) == 0)
  }

  @Test("The warm-up reads its archive")
  func warm() throws {
    try ZipExpander.warm()
  }
}
