// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Validation
import WorkerProtocol

/// What is said about the files to be read.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Read the file as this format: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: Format?

  @Option(name: .customLong("declared-type"), help: "The media type that the file is declared to have.")
  var declaredType: String?

  @Option(help: "Whether the first record names the columns: auto, always or never.")
  var header: ReadOptions.Header = .auto

  @Option(help: "The one or two characters between cells; `tab` is TAB.")
  var delimiter: String?

  @Option(help: "What stands around quoted cells: \" or '.")
  var quote: String?

  @Flag(name: .customLong("no-quote"), help: "Take every quote as text.")
  var noQuote = false

  @Option(help: "How a quote stands inside of a quoted cell: doubled or backslash.")
  var escape: String?

  @Option(help: "What lines of comment start with.")
  var comment: String?

  @Option(name: .customLong("skip-rows"), help: "The lines above the table.")
  var skipRows: String?

  @Option(name: .customLong("header-rows"), help: "The records that name the columns; 0 where none does.")
  var headerRows: String?

  @Option(help: "How the characters are written, such as utf-16, windows-1252, iso-8859-2, koi8-r or shift_jis.")
  var encoding: String?

  @Option(
    name: .customLong("encoding-errors"),
    help: "What becomes of bytes that stand for no character: refuse (the file), or replace (them by U+FFFD).")
  var encodingErrors: String?
  @Option(
    help: "Which of the tables that stand one below the other in the text: a number from 1, or all; sniff lists them.")
  var table: String?

  @Option(
    help: ArgumentHelp(
      "Read only the members of an archive that are called so; * stands for any characters, ? for one.",
      valueName: "glob"))
  var member: String?

  @Option(
    name: .customLong("json-pointer"),
    help: "The value of a JSON text that holds the table, as a JSON Pointer (RFC 6901), such as /data/rows.")
  var jsonPointer: String?

  @Option(
    name: .customLong("flatten-depth"),
    help: "How deep the objects of a JSON record become columns: 1 for the record alone; else 8.")
  var flattenDepth: String?

  /// What is stated of the dialect, by the names that it bears in a request.
  var dialectTexts: [DialectOptions.Key: String] {
    var texts: [DialectOptions.Key: String] = [:]
    texts[.delimiter] = delimiter
    texts[.quote] = noQuote ? DialectOptions.Quote.none.rawValue : quote
    texts[.escape] = escape
    texts[.comment] = comment
    texts[.skipRows] = skipRows
    texts[.headerRows] = headerRows
    texts[.encoding] = encoding
    texts[.encodingErrors] = encodingErrors
    texts[.table] = table
    texts[.jsonPointer] = jsonPointer
    texts[.flattenDepth] = flattenDepth
    return texts
  }

  /// What is stated of the dialect; wrong values were refused by `validate`.
  var dialect: DialectOptions {
    get throws(DialectOptions.Fault) { try DialectOptions(dialectTexts) }
  }

  func validate() throws {
    guard !noQuote || quote == nil else { throw ValidationError("--quote and --no-quote exclude each other") }
    guard maxRejects <= ReadOptions.mostRejects else {
      throw ValidationError("--max-rejects takes 0 to \(ReadOptions.mostRejects)")
    }
    guard member.map({ MemberPattern($0) != nil }) ?? true else {
      throw ValidationError("--member takes 1 to \(MemberPattern.longest) bytes without control characters")
    }
    do { _ = try dialect } catch { throw ValidationError(error.message) }
  }

  @Option(
    name: .customLong("type"), parsing: .singleValue,
    help: ArgumentHelp(
      "The type of a column, such as price=decimal(10,2); a cell that is not of it refuses the file. Repeatable. "
        + "Types: \(RequestedType.allNames).", valueName: "name=type"))
  var types: [String] = []

  @Option(
    help: ArgumentHelp("A Frictionless Table Schema (JSON) with the columns' types and constraints.", valueName: "file")
  )
  var schema: String?

  @Flag(help: "Read every other column as text, every cell as it stands.")
  var allText = false

  @Flag(
    help:
      "Refuse a record that has not as many cells as the header, or a quote where none may stand; see --max-rejects.")
  var strict = false

  @Option(
    name: .customLong("max-rejects"),
    help: ArgumentHelp(
      "How many records with wrong cells are put into a table of rejects; one more refuses the file.", valueName: "n"))
  var maxRejects: UInt64 = 0

  /// What becomes of records that are not as they should be.
  var rejects: RejectWishes {
    var wishes = RejectWishes()
    if strict { wishes["strict"] = "true" }
    if maxRejects > 0 { wishes["max_rejects"] = "\(maxRejects)" }
    return wishes
  }

  @Option(help: "Which of day and month comes first where dates read both ways: dmy or mdy.")
  var dateOrder: CellOptions.DateOrder?

  @Flag(help: "Take the comma for the decimal mark of every number.")
  var decimalComma = false

  @Option(
    name: .customLong("null"), parsing: .singleValue,
    help: ArgumentHelp("Another word that stands for null beside typed cells. Repeatable.", valueName: "word"))
  var nullWords: [String] = []

  /// What is said about the cells.
  ///
  /// - Throws: `ExitStatus.Usage` where the schema cannot be read.
  func cellWishes() throws -> CellWishes {
    var wishes = CellWishes()
    wishes.types = types
    wishes.allText = allText ? "true" : nil
    wishes.dateOrder = dateOrder?.rawValue
    wishes.decimalComma = decimalComma ? "true" : nil
    wishes.nullWords = nullWords
    wishes.schema = try schema.map(Self.read)
    return wishes
  }

  private static func read(_ path: String) throws -> [UInt8] {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      let most = 1 << 20
      let data = try file.read(upToCount: most + 1) ?? Data()
      guard data.count <= most else { throw ExitStatus.Usage(message: "the schema is larger than 1 MiB") }
      return Array(data)
    } catch let error as ExitStatus.Usage { throw error } catch {
      throw ExitStatus.Usage(message: "cannot read the schema \(path.escapedForDisplay)")
    }
  }
}
