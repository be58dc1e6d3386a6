// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import IngestTesting
import Testing
import Validation

@Suite("Multipart framing")
struct MultipartParserTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var body: String
    var expected: Framed

    init(_ testDescription: String, _ body: String, _ expected: Framed) {
      self.testDescription = testDescription
      self.body = body
      self.expected = expected
    }
  }

  static let accepted: [Case] = [
    Case("one field", field("a", "1") + end, .complete(.field("a", "1"))),
    Case("two fields", field("a", "1") + field("b", "2") + end, .complete(.field("a", "1"), .field("b", "2"))),
    Case("no part at all", end, .complete()),
    Case("an empty content", field("a", "") + end, .complete(.field("a", ""))),
    Case("a content of one line end", field("a", "\r\n") + end, .complete(.field("a", "\r\n"))),
    Case("a content that ends in CR", field("a", "x\r") + end, .complete(.field("a", "x\r"))),
    Case("a content of CRs", field("a", "\r\r\r\r") + end, .complete(.field("a", "\r\r\r\r"))),
    Case("LF in the content", field("a", "1\n2\n") + end, .complete(.field("a", "1\n2\n"))),
    Case("the delimiter without its last byte", field("a", "\r\n--") + end, .complete(.field("a", "\r\n--"))),
    Case("the delimiter after LF only", field("a", "x\n--b\r\n") + end, .complete(.field("a", "x\n--b\r\n"))),
    Case("the delimiter after CR CR", field("a", "\r\r\n-") + end, .complete(.field("a", "\r\r\n-"))),
    Case("the boundary inside a line", field("a", "x--b--x") + end, .complete(.field("a", "x--b--x"))),
    Case("a boundary right behind the blank line is content", field("a", "--b") + end, .complete(.field("a", "--b"))),
    Case("hyphens before the end", field("a", "\r\n-\r\n-") + end, .complete(.field("a", "\r\n-\r\n-"))),
    Case("NUL and high bytes", field("a", "\0\u{ff}\u{80}") + end, .complete(.field("a", "\0\u{ff}\u{80}"))),
    Case("a preamble", "hello\r\n" + field("a", "1") + end, .complete(.field("a", "1"))),
    Case("a preamble of one line end", "\r\n" + field("a", "1") + end, .complete(.field("a", "1"))),
    Case("a preamble that begins like a boundary", "--c\r\n" + field("a", "1") + end, .complete(.field("a", "1"))),
    Case("a preamble of 1 KiB", String(repeating: "p", count: 1_024) + "\r\n" + end, .complete()),
    Case("an epilogue", field("a", "1") + end + "bye", .complete(.field("a", "1"))),
    Case("no line end at the end", field("a", "1") + "--b--", .complete(.field("a", "1"))),
    Case("a boundary in the epilogue", end + field("a", "1"), .complete()),
    Case(
      "a file",
      part("Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv", "a,b") + end,
      .complete(.file("a.csv", "a,b", type: " text/csv"))),
    Case(
      "unknown header lines", part("X-A: 1\r\nContent-Disposition: form-data; name=a\r\nX-B:", "1") + end,
      .complete(.field("a", "1"))),
    Case(
      "32 parts", String(repeating: field("a", "1"), count: 32) + end,
      Framed.repeated(.field("a", "1"), 32)),
  ]

  static let refused: [(String, String, MultipartFault)] = [
    ("an empty body", "", .unfinished),
    ("only a preamble", "hello", .unfinished),
    ("no last boundary", field("a", "1"), .unfinished),
    ("the end inside a header", "--b\r\nContent-Dis", .unfinished),
    ("the end inside the content", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n12", .unfinished),
    ("the end inside a boundary", field("a", "1") + "--", .unfinished),
    ("the end after one hyphen", field("a", "1") + "--b-", .unfinished),
    ("the end after a boundary", field("a", "1") + "--b\r\n", .unfinished),
    ("a boundary line that goes on", field("a", "1") + "--bc--\r\n", .boundaryLineMalformed),
    (
      "blanks after a boundary", "--b \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--",
      .boundaryLineMalformed
    ),
    ("LF after a boundary", "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--", .boundaryLineMalformed),
    ("a boundary after an LF only", "x\n--b\r\n", .unfinished),
    ("LF in a header", "--b\r\nContent-Disposition: form-data; name=a\n\r\n1\r\n--b--", .bareLineEnd),
    ("CR in a header", "--b\r\nContent-Disposition: form-data; name=a\rX: y\r\n\r\n1\r\n--b--", .bareLineEnd),
    ("a header that begins with LF", "--b\r\n\n", .bareLineEnd),
    ("no header", "--b\r\n\r\n1\r\n--b--", .dispositionMissing),
    ("33 parts", String(repeating: field("a", "1"), count: 33) + end, .tooManyParts),
    ("a preamble over 1 KiB", String(repeating: "p", count: 1_025) + "\r\n" + end, .preambleTooLong),
    ("an endless preamble of CRs", String(repeating: "\r", count: 2_000), .preambleTooLong),
    ("an epilogue over 1 KiB", field("a", "1") + "--b--" + String(repeating: "e", count: 1_025), .epilogueTooLong),
    ("a header over 8 KiB", part("X: " + String(repeating: "x", count: 9_000), "1"), .headerTooLong),
    ("an endless header", "--b\r\nX: " + String(repeating: "x", count: 9_000), .headerTooLong),
    (
      "17 header lines", part(String(repeating: "X: y\r\n", count: 16) + "Content-Disposition: form-data; name=a", "1"),
      .tooManyHeaderLines
    ),
  ]

  @Test("C8 well-formed bodies are framed", arguments: accepted)
  func accepts(_ example: Case) throws {
    #expect(try Framed(example.body.latin1) == example.expected)
  }

  @Test("C8 malformed bodies are refused", arguments: refused)
  func refuses(_ example: (name: String, body: String, fault: MultipartFault)) throws {
    #expect(try Framed(example.body.latin1).fault == example.fault, "\(example.name)")
  }

  @Test("C8 an epilogue of 1 KiB passes") func longestEpilogue() throws {
    #expect(try Framed(("--b--" + String(repeating: "e", count: 1_024)).latin1).fault == nil)
  }

  @Test("C8 how a body is cut does not matter", arguments: accepted.map(\.body) + refused.map(\.1))
  func ignoresChunking(_ body: String) throws {
    let whole = try Framed(body.latin1)
    #expect(try Framed(body.latin1, chunks: [1]) == whole)
    var random = SeededGenerator(seed: 0x5eed)
    for _ in 0..<20 {
      let chunks = (0..<body.utf8.count + 1).map { _ in Int.random(in: 1...12, using: &random) }
      #expect(try Framed(body.latin1, chunks: chunks) == whole)
    }
    for cut in 1..<max(2, min(body.utf8.count, 300)) {
      #expect(try Framed(body.latin1, chunks: [cut, .max]) == whole)
    }
  }

  @Test("C8 a refused body stays refused") func staysRefused() throws {
    var parser = MultipartParser(boundary: try .of("b"), limits: Limits())
    let bytes = Array("--b\n\n\n".utf8)
    var position = 0
    #expect(parser.next(bytes.span, from: &position) == .refused(.boundaryLineMalformed))
    #expect(parser.next(bytes.span, from: &position) == .refused(.boundaryLineMalformed))
    #expect(parser.end() == .boundaryLineMalformed)
  }

  @Test(
    "C8 long and odd boundaries work",
    arguments: [
      "x", "----WebKitFormBoundaryAbC123", "'()+_,-./:=?", "a b",
      String(repeating: "-", count: 70), "-", "--",
    ])
  func boundaries(_ boundary: String) throws {
    let near = "\r\n--" + boundary.dropLast()
    let body = "--\(boundary)\r\nContent-Disposition: form-data; name=a\r\n\r\n\(near)\r\n--\(boundary)--"
    let expected = Framed.complete(.field("a", near))
    #expect(try Framed(body.latin1, boundary: boundary) == expected)
    #expect(try Framed(body.latin1, boundary: boundary, chunks: [1]) == expected)
  }

  @Test("C8 time is linear where every byte could begin a delimiter", arguments: ["\r", "\r\n", "\r\n--", "\r\n--b"])
  func isLinear(_ unit: String) throws {
    let units = 2_000_000 / unit.utf8.count
    let content = String(repeating: unit.replacing("b", with: "\r"), count: units)
    let body = Array((field("a", content) + end).utf8)
    var found = 0
    var parser = MultipartParser(boundary: try .of("b"), limits: Limits())
    let time = ContinuousClock().measure {
      var position = 0
      while let event = parser.next(body.span, from: &position) {
        switch event {
        case .content(let range): found += range.count
        case .heldContent(let count): found += count
        default: break
        }
      }
    }
    #expect(found == content.utf8.count)
    #expect(time < .seconds(5))
  }
}

extension Framed {
  static func repeated(_ part: Part, _ count: Int) -> Framed {
    var framed = Framed.complete()
    framed.parts = Array(repeating: part, count: count)
    return framed
  }
}
