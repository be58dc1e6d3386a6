// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Validation
import WorkerProtocol

/// What is said about the files to be read.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Read the file as this format: csv, gzip or zip.")
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

  /// What is stated of the dialect, by the names that it bears in a request.
  var dialectTexts: [DialectOptions.Key: String] {
    var texts: [DialectOptions.Key: String] = [:]
    texts[.delimiter] = delimiter
    texts[.quote] = noQuote ? DialectOptions.Quote.none.rawValue : quote
    texts[.escape] = escape
    texts[.comment] = comment
    texts[.skipRows] = skipRows
    texts[.headerRows] = headerRows
    return texts
  }

  /// What is stated of the dialect; wrong values were refused by `validate`.
  var dialect: DialectOptions {
    get throws(DialectOptions.Fault) { try DialectOptions(dialectTexts) }
  }

  func validate() throws {
    guard !noQuote || quote == nil else { throw ValidationError("--quote and --no-quote exclude each other") }
    do { _ = try dialect } catch { throw ValidationError(error.message) }
  }
}
