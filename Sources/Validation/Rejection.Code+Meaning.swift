// SPDX-License-Identifier: Apache-2.0

extension Rejection.Code {
  /// The documented meaning, as a phrase that starts a sentence.
  public var meaning: String {
    switch self {
    case .nameInvalid: "The file name holds control characters, invisible characters or invalid UTF-8"
    case .nameTooLong: "The file name is too long"
    case .extensionRefused: "The file name's extension is not one of a table"
    case .declaredTypeRefused: "The declared media type is not one of a table"
    case .typeMismatch: "The content is not what the name or the declared type says"
    case .contentRefused: "The content is not a table"
    case .formatUnsupported: "The content is of a kind that is recognised but not read"
    case .tooLarge: "The file is too large"
    case .empty: "The file holds nothing but blanks"
    case .sourceChanged: "The file changed while it was read"
    case .invalidEncoding: "The text is neither valid UTF-8 nor whole in another encoding"
    case .encodingMismatch: "The text is not in the encoding that was stated"
    case .controlCharacter: "The text holds a control character"
    case .tooManyColumns: "A record has too many columns"
    case .tooManyRows: "The table has too many rows"
    case .recordTooLarge: "A record is too large"
    case .cellTooLarge: "A cell is too large"
    case .headerNameTooLong: "A column's name is too long"
    case .outputTooLarge: "The tables would take too much space"
    case .contractViolated: "A cell is not of the type that was asked for"
    case .recordMalformed: "A record is not formed as strict reading wants it"
    case .tooManyRejects: "More records are rejected than may be"
    case .columnMissing: "The table lacks a column whose type was given"
    case .tableMissing: "The text has no table of the number that was asked for"
    case .jsonMalformed: "The text is no JSON"
    case .jsonTooDeep: "Values lie too deep in one another"
    case .notTabular: "The JSON text holds no table"
    case .compressedCorrupt: "The compressed data is damaged or cut off"
    case .trailingData: "Bytes follow the end of the compressed data or archive"
    case .expandedTooLarge: "The content expands to too many bytes"
    case .compressionRatio: "The content expands too far for its size"
    case .windowTooLarge: "The compressed data needs a larger window (dictionary) than is allowed"
    case .archiveMalformed: "The archive is damaged or contradicts itself"
    case .archiveEncrypted: "The archive is encrypted"
    case .archiveEntryRefused: "The archive holds a link, a device or another entry that is no plain file"
    case .archiveTooManyEntries: "The archive has too many entries"
    case .archiveNesting: "Containers lie too deep inside of each other"
    case .archiveNoTable: "No entry of the archive is a table"
    case .memberMissing: "No member has a name as it was asked for, or the file is no archive"
    case .workerTimeout: "Reading the file took too long"
    case .workerMemory: "Reading the file took too much memory"
    case .workerCrashed: "Reading the file crashed its worker"
    case .workerViolation: "Reading the file made its worker call what the sandbox forbids"
    case .workerLied: "The worker's result contradicts itself"
    case .knownBad: "The content crashed its workers before and is not read again"
    case .storeFull: "The store has no room for the tables"
    }
  }

  /// What the sender can do about it: one sentence.
  public var remedy: String {
    switch self {
    case .nameInvalid, .nameTooLong: "Rename the file."
    case .extensionRefused: "Use .csv, .tsv, .txt, .json, .ndjson, .csv.gz or .zip."
    case .declaredTypeRefused: "Declare text/csv, or application/octet-stream to let the content decide."
    case .typeMismatch: "Give the file the name and type of its content."
    case .contentRefused: "Send delimited text or JSON, or a gzip or zip file of it."
    case .formatUnsupported: "Convert it to CSV first."
    case .tooLarge: "Split or compress the file, or raise the limit upload-bytes."
    case .empty: "Send a file with at least one record."
    case .sourceChanged: "Try again once nothing writes to it."
    case .invalidEncoding:
      "Convert the file to UTF-8 (iconv -t UTF-8), state its encoding, or have what is damaged replaced (encoding_errors)."
    case .encodingMismatch: "State the encoding that the file's first bytes show, or none."
    case .controlCharacter: "Remove the character, or check that this is a text file."
    case .tooManyColumns, .tooManyRows, .recordTooLarge, .cellTooLarge, .headerNameTooLong, .outputTooLarge:
      "Check the delimiter and the quotes, or split the file."
    case .contractViolated: "Mend the cell, or ask for another type (text takes every cell; dates may need an order)."
    case .recordMalformed: "Mend the record, or read the file without strict."
    case .tooManyRejects: "Mend the records, or allow more of them (max_rejects)."
    case .columnMissing: "Check the names of the columns, or give no type for it."
    case .tableMissing: "Ask for one of those that there are, or for none to get the first."
    case .jsonMalformed: "Mend the text; of lines, bad ones can be set apart (max_rejects)."
    case .jsonTooDeep: "Write the values less deep, or raise the limit json-depth."
    case .notTabular:
      "Send a list of objects or of lists, one value a line, or say where the table is (json_pointer)."
    case .compressedCorrupt: "Compress the file again and check the transfer."
    case .trailingData: "Remove what follows, or compress the file again."
    case .expandedTooLarge, .compressionRatio: "Split the content into several files."
    case .windowTooLarge: "Compress it again with a window of at most 128 MiB (xz -9 or below, zstd without --long)."
    case .archiveMalformed: "Create the archive again with a common tool."
    case .archiveEncrypted: "Create the archive without a password."
    case .archiveEntryRefused: "Archive plain files only."
    case .archiveTooManyEntries: "Archive fewer files."
    case .archiveNesting: "Archive the CSV files themselves."
    case .memberMissing: "Ask for another name (member; * stands for any characters), or for none to get all."
    case .archiveNoTable: "Archive at least one CSV file; the report says what each entry is."
    case .workerTimeout, .workerMemory: "Split the file, or raise the worker's limits."
    case .storeFull: "Delete tables or take pins away, or raise the limit store-bytes."
    case .workerCrashed, .workerViolation, .workerLied, .knownBad:
      "Report the file to the operator; sending it again will not help."
    }
  }

  /// The HTTP status that carries this code.
  public var httpStatus: Int {
    switch self {
    case .nameInvalid, .nameTooLong: 400
    case .tooLarge: 413
    case .extensionRefused, .declaredTypeRefused, .typeMismatch, .contentRefused, .formatUnsupported: 415
    case .sourceChanged: 409
    case .storeFull: 507
    case .empty, .invalidEncoding, .encodingMismatch, .controlCharacter, .tooManyColumns, .tooManyRows, .recordTooLarge,
      .cellTooLarge, .headerNameTooLong, .outputTooLarge, .contractViolated, .recordMalformed, .tooManyRejects,
      .columnMissing, .tableMissing, .jsonMalformed, .jsonTooDeep, .notTabular, .compressedCorrupt, .trailingData,
      .expandedTooLarge, .compressionRatio, .windowTooLarge,
      .archiveMalformed, .archiveEncrypted, .archiveEntryRefused, .archiveTooManyEntries, .archiveNesting,
      .archiveNoTable, .memberMissing, .workerTimeout, .workerMemory, .workerCrashed, .workerViolation, .workerLied,
      .knownBad:
      422
    }
  }
}
