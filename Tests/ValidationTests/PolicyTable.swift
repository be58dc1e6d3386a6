// SPDX-License-Identifier: Apache-2.0

import Validation

/// `CONTROLS.md` section 6, line by line: extension, declared type, libmagic's answer, verdict, signature.
enum PolicyTable {
  static let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

  static let rows: [PolicyRow] = delimited + claims + json + binaries + containers

  private static let delimited: [PolicyRow] = [
    PolicyRow("csv", "text/csv", "text/csv", "csv"),
    PolicyRow("csv", "text/csv", "application/csv", "csv"),
    PolicyRow("csv", "text/csv", "text/plain", "csv"),
    PolicyRow("csv", nil, "text/plain", "csv", charset: "utf-8"),
    PolicyRow("csv", nil, "text/plain", "csv", charset: "iso-8859-1"),
    PolicyRow("csv", nil, "text/plain", "csv", charset: "unknown-8bit"),
    PolicyRow("csv", nil, "text/plain", "content_refused", charset: "binary"),
    PolicyRow("tsv", "text/tab-separated-values", "text/plain", "csv"),
    PolicyRow("tsv", "text/csv", "text/tab-separated-values", "csv"),
    PolicyRow("tab", nil, "text/plain", "csv"), PolicyRow("psv", nil, "text/plain", "csv"),
    PolicyRow("txt", "text/plain", "text/plain", "csv"), PolicyRow("dat", nil, "text/plain", "csv"),
    PolicyRow("data", nil, "text/csv", "csv"), PolicyRow("asc", nil, "text/plain", "csv"),
    PolicyRow(nil, nil, "text/csv", "csv"), PolicyRow(nil, "text/csv", "text/plain", "csv"),
    // A first cell that is a JSON text
    PolicyRow("csv", nil, "application/json", "csv"), PolicyRow("csv", "text/csv", "application/x-ndjson", "csv"),
  ]

  private static let claims: [PolicyRow] = [
    // What Windows and browsers send
    PolicyRow("csv", "application/vnd.ms-excel", "text/csv", "csv"),
    PolicyRow("csv", "application/octet-stream", "text/plain", "csv"),
    PolicyRow("csv", "binary/octet-stream", "text/plain", "csv"),
    PolicyRow("csv", "text/plain", "text/csv", "csv"),
    PolicyRow("csv", "application/x-download", "text/csv", "csv"),
    PolicyRow("csv", "application/x-www-form-urlencoded", "text/csv", "csv"),
    // Names and types of no table
    PolicyRow("csv", "image/png", "text/csv", "declared_type_refused"),
    PolicyRow("csv", "text/html", "text/csv", "declared_type_refused"),
    PolicyRow("csv", "application/x-msdownload", "text/csv", "declared_type_refused"),
    PolicyRow("php", "text/csv", "text/csv", "extension_refused"),
    PolicyRow("exe", nil, "text/csv", "extension_refused"), PolicyRow("", nil, "text/csv", "extension_refused"),
    PolicyRow("html", "text/html", "text/html", "extension_refused", .html),
    PolicyRow("CSV", nil, "text/csv", "extension_refused"),
    PolicyRow("evil\u{0}", nil, "text/csv", "extension_refused"),
    // Families that disagree
    PolicyRow("csv", "application/json", "text/csv", "type_mismatch"),
    PolicyRow("csv", "application/zip", "text/csv", "type_mismatch"),
    PolicyRow("json", "text/csv", "text/csv", "type_mismatch"),
    PolicyRow("xlsx", nil, "text/csv", "type_mismatch"), PolicyRow("gz", nil, "text/plain", "type_mismatch"),
    PolicyRow("zip", nil, "text/plain", "type_mismatch"), PolicyRow("parquet", nil, "text/csv", "type_mismatch"),
    PolicyRow("arrow", nil, "text/plain", "type_mismatch"), PolicyRow("bz2", nil, "text/plain", "type_mismatch"),
    PolicyRow("xls", "application/vnd.ms-excel", "text/plain", "type_mismatch"),
  ]

  private static let json: [PolicyRow] = [
    PolicyRow("json", "application/json", "application/json", "json"),
    PolicyRow("json", nil, "text/plain", "json"), PolicyRow("geojson", nil, "application/json", "json"),
    PolicyRow("ndjson", "application/x-ndjson", "application/x-ndjson", "ndjson"),
    PolicyRow("jsonl", nil, "text/plain", "ndjson"), PolicyRow("ndjson", nil, "application/json", "ndjson"),
    PolicyRow("json", "application/x-ndjson", "application/json", "ndjson"),
    PolicyRow(nil, "application/json", "text/plain", "json"), PolicyRow(nil, nil, "application/x-ndjson", "json"),
    PolicyRow(nil, nil, "application/json", "json"),
    // libmagic sees only the start; a name still comes before how a text starts
    PolicyRow(nil, nil, "text/plain", "json", .json), PolicyRow("txt", nil, "text/plain", "csv", .json),
    PolicyRow(nil, nil, "application/octet-stream", "content_refused", .json, charset: "binary"),
    PolicyRow("json", nil, "application/octet-stream", "json", .json, charset: "binary"),
    PolicyRow("csv", nil, "application/octet-stream", "content_refused", .json, charset: "binary"),
    // Equal commas on each line are a table to libmagic
    PolicyRow("json", nil, "text/csv", "json", .json), PolicyRow(nil, nil, "text/csv", "json", .json),
    PolicyRow("csv", nil, "text/csv", "csv", .json),
    PolicyRow("json", nil, "text/csv", "type_mismatch"),
    PolicyRow("json", nil, "text/plain", "content_refused", charset: "binary"),
  ]

  private static let binaries: [PolicyRow] = [
    PolicyRow("csv", "text/csv", "application/octet-stream", "content_refused", charset: "binary"),
    PolicyRow("csv", nil, "text/html", "content_refused"),
    PolicyRow("csv", nil, "text/x-shellscript", "content_refused"),
    PolicyRow("csv", nil, "text/troff", "csv"), PolicyRow(nil, nil, "text/troff", "content_refused"),
    PolicyRow("csv", nil, "text/x-php", "content_refused"), PolicyRow("csv", nil, "image/svg+xml", "content_refused"),
    PolicyRow("csv", nil, "application/pdf", "content_refused", .pdf, charset: "binary"),
    PolicyRow("csv", nil, "application/x-executable", "content_refused", .elf, charset: "binary"),
    PolicyRow("csv", nil, "application/x-dosexec", "content_refused", .portableExecutable, charset: "binary"),
    // C4: polyglots, for which libmagic votes text
    PolicyRow("csv", "text/csv", "text/csv", "content_refused", .gif),
    PolicyRow("csv", "text/csv", "text/csv", "content_refused", .html),
    PolicyRow("csv", "text/csv", "text/plain", "content_refused", .svg),
    PolicyRow("csv", "text/csv", "text/plain", "content_refused", .php),
    PolicyRow("csv", "text/csv", "text/plain", "content_refused", .script),
    PolicyRow("txt", "text/plain", "text/plain", "content_refused", .eicar),
    PolicyRow("xls", nil, "application/vnd.ms-excel", "content_refused", .ole2, charset: "binary"),
    PolicyRow("csv", nil, "application/vnd.sqlite3", "content_refused", .sqlite, charset: "binary"),
    PolicyRow("csv", nil, "audio/mpeg", "content_refused", charset: "binary"),
  ]

  private static let containers: [PolicyRow] = [
    PolicyRow("gz", "application/gzip", "application/gzip", "gzip", .gzip, charset: "binary"),
    PolicyRow("gz", "application/x-gzip", "application/octet-stream", "gzip", .gzip, charset: "binary"),
    PolicyRow(nil, nil, "application/gzip", "gzip", .gzip, charset: "binary"),
    PolicyRow("csv", "text/csv", "application/gzip", "type_mismatch", .gzip, charset: "binary"),
    PolicyRow("zip", "application/zip", "application/zip", "zip", .zip, charset: "binary"),
    PolicyRow("zip", "application/x-zip-compressed", "application/zip", "zip", .zip, charset: "binary"),
    PolicyRow("csv", nil, "application/zip", "type_mismatch", .zip, charset: "binary"),
    PolicyRow("gz", nil, "application/zip", "type_mismatch", .zip, charset: "binary"),
    PolicyRow("xlsx", sheet, sheet, "format_unsupported", .zip, charset: "binary"),
    PolicyRow("xlsx", nil, "application/zip", "format_unsupported", .zip, charset: "binary"),
    PolicyRow("xlsx", nil, "application/octet-stream", "format_unsupported", .zip, charset: "binary"),
    PolicyRow(
      "ods", nil, "application/vnd.oasis.opendocument.spreadsheet", "format_unsupported", .zip,
      charset: "binary"),
    PolicyRow("zip", nil, sheet, "type_mismatch", .zip, charset: "binary"),
    PolicyRow("csv", nil, sheet, "type_mismatch", .zip, charset: "binary"),
    PolicyRow("parquet", nil, "application/octet-stream", "format_unsupported", .parquet, charset: "binary"),
    PolicyRow("csv", nil, "application/octet-stream", "type_mismatch", .parquet, charset: "binary"),
    PolicyRow("arrow", nil, "application/octet-stream", "format_unsupported", .arrow, charset: "binary"),
    PolicyRow("feather", nil, "application/octet-stream", "format_unsupported", .arrow, charset: "binary"),
    PolicyRow("bz2", "application/x-bzip2", "application/x-bzip2", "bzip2", .bzip2, charset: "binary"),
    PolicyRow("xz", nil, "application/x-xz", "xz", .xz, charset: "binary"),
    PolicyRow("txz", "application/x-xz", "application/x-xz", "xz", .xz, charset: "binary"),
    PolicyRow("zst", nil, "application/zstd", "zstd", .zstd, charset: "binary"),
    PolicyRow("zst", nil, "application/octet-stream", "zstd", .zstd, charset: "binary"),
    PolicyRow("lz4", nil, "application/x-lz4", "lz4", .lz4, charset: "binary"),
    PolicyRow("tar", nil, "application/x-tar", "tar", .tar, charset: "binary"),
    PolicyRow("7z", nil, "application/x-7z-compressed", "7z", .sevenZip, charset: "binary"),
    PolicyRow("tgz", nil, "application/gzip", "gzip", .gzip, charset: "binary"),
    PolicyRow("7z", nil, "application/zip", "type_mismatch", .zip, charset: "binary"),
    PolicyRow("tar", nil, "application/gzip", "type_mismatch", .gzip, charset: "binary"),
    PolicyRow("bz2", nil, "application/zstd", "type_mismatch", .zstd, charset: "binary"),
    PolicyRow("gz", nil, "application/x-xz", "type_mismatch", .xz, charset: "binary"),
  ]
}
