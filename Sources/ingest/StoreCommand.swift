// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import IngestPipeline
import Store
import Validation

/// `ingest store`: the store as a whole.
struct StoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Check a store, clean it up, or tell what it holds.",
    subcommands: [StoreCheckCommand.self, StoreCollectCommand.self, StoreStatisticsCommand.self])
}

/// `ingest store check`.
struct StoreCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Verify every file of a store, its catalog and its audit log.",
    discussion: """
      Problems and warnings have codes; docs/store.md lists them. Exit status: 70 if there is a problem, 0 if there are
      warnings only.
      """)

  @Flag(help: "Record the SHA-256 of each sound file that has none yet, so that later checks see any change of it.")
  var record = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var store: StoreOption

  func run() async throws {
    let report = try await check()
    if json { try DataOutput.json(report) } else { try show(report) }
    guard report.isSound else { throw ExitStatus.Unsound() }
  }

  private func check() async throws -> StoreCheckReport {
    let bar = ProgressBar(label: store.store.escapedForDisplay)
    defer { bar.clear() }
    do {
      let store = try record ? store.openExisting() : store.open(.readOnly)
      let report = try await StoreCheck(store, recordsDigests: record) { bar.show($0) }.run()
      try await store.close()
      return report
    } catch StoreError.catalog(.corrupt), StoreError.catalog(.notACatalog) {
      var report = StoreCheckReport()
      report.add(.catalogDamaged, "it cannot be opened")
      return report
    }
  }

  private func show(_ report: StoreCheckReport) throws {
    for (label, findings, count) in [
      ("warning", report.warnings, report.warningCount), ("problem", report.problems, report.problemCount),
    ] {
      for finding in findings {
        let tables = finding.tables.isEmpty ? "" : " (\(finding.tables.joined(separator: ", ")))"
        let text = "\(finding.code.rawValue) \(finding.subject)\(tables): \(finding.detail)"
        try DataOutput.line("\(label): \(text.escapedForDisplay)")
      }
      if count > findings.count { try DataOutput.line("\(label): and \(count - findings.count) more") }
    }
    let state = report.isSound ? "sound" : "not sound: \(report.problemCount) problems"
    try DataOutput.line(
      "\(state), \(report.files) files verified (\(report.comparedDigests) by digest), \(report.bytes) bytes, "
        + "\(report.auditRows) audit rows, \(report.warningCount) warnings")
  }
}

/// `ingest store gc`.
struct StoreCollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove deleted versions after a time, and files that nothing refers to.",
    discussion: """
      Servers and batches may go on working; a publication waits while files are removed. What was cut off by a crash is
      removed by the next run.
      """)

  @Flag(name: .customLong("dry-run"), help: "Tell what would be removed, and remove nothing.")
  var dryRun = false

  @Option(help: "How long deleted versions are kept, such as 7d, 12h or 0.")
  var retention = Age(CollectionRequest.defaultRetention)

  @Option(help: "How long files that nothing refers to are kept.")
  var grace = Age(CollectionRequest.defaultGrace)

  @Option(
    name: .customLong("table-age"),
    help: "Also hide tables that nobody has published, used over HTTP, pinned or tagged for so long, such as 90d.")
  var tableAge: Age?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var store: StoreOption

  private struct Answer: Encodable {
    let dryRun: Bool
    let versions: [String]
    let expired: [String]
    let files: Int
    let bytes: UInt64
    let youngFiles: Int
    let originals: Int
    let scratch: Int

    enum CodingKeys: String, CodingKey {
      case versions, expired, files, bytes, originals
      case dryRun = "dry_run"
      case youngFiles = "young_files"
      case scratch = "scratch_directories"
    }
  }

  func run() async throws {
    let request = CollectionRequest(
      retention: retention.duration, grace: grace.duration, tableAge: tableAge?.duration,
      actor: UploadRequest().principal, now: .nowInMicroseconds)
    let store = try dryRun ? store.open(.readOnly) : store.openExisting()
    let report = try await dryRun ? store.collectable(request) : store.collect(request)
    try await store.close()
    if json {
      return try DataOutput.json(
        Answer(
          dryRun: dryRun, versions: report.versions, expired: report.expired, files: report.files, bytes: report.bytes,
          youngFiles: report.youngFiles, originals: report.originals, scratch: report.scratch))
    }
    let verb = dryRun ? "would remove" : "removed"
    for version in report.expired { try DataOutput.line("\(dryRun ? "would hide" : "hid") \(version)") }
    for version in report.versions { try DataOutput.line("\(verb) \(version)") }
    try DataOutput.line(
      "\(verb) \(report.versions.count) versions, \(report.files) files of \(report.bytes) bytes, "
        + "\(report.originals) originals past their time, \(report.scratch) scratch directories; \(report.youngFiles) young files stay"
    )
  }
}

/// `ingest store stats`.
struct StoreStatisticsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stats", abstract: "Tell what a store holds.")

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var store: StoreOption

  func run() async throws {
    let open = try store.open(.readOnly)
    let found = try await StoreStatistics(open, path: store.store)
    try await open.close()
    if json { return try DataOutput.json(found) }
    let bytes = found.bytes
    try DataOutput.line(
      """
      tables      \(found.tables), \(found.versions) versions, \(found.deletedVersions) deleted
      uploads     \(found.accepted) accepted, \(found.refused) refused, \(found.uploadedBytes) bytes
      files       \(found.files), \(bytes.tables) bytes of tables, \(bytes.rejects) of rejects
      rejected    \(found.rejectedRecords) records
      originals   \(found.originals), \(bytes.originals) bytes
      orphans     \(found.orphans), \(bytes.orphans) bytes
      catalog     \(bytes.catalog) bytes, \(bytes.log) of its log
      audit       \(found.auditRows) rows
      """)
  }
}
