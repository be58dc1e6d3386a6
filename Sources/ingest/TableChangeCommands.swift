// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import IngestPipeline
import Store
import Validation

/// What the commands that change a published table have in common.
struct TableChangeOptions: ParsableArguments {
  @Flag(help: "Print JSON: {\"action\": …, \"tables\": [{\"name\", \"version\", \"id\"}]}.")
  var json = false

  @OptionGroup var store: StoreOption

  /// Changes a table, and says what was changed.
  ///
  /// - Parameters:
  ///   - reference: the table as it was asked for, for the message that there is none.
  ///   - verb: answers the versions that it changed; nil where there is no such table.
  func run(
    _ action: String, _ reference: String, _ verb: (TableAdministration) async throws -> [TableVersion]?
  ) async throws {
    let store = try store.openExisting()
    let versions = try await verb(TableAdministration(store))
    try await store.close()
    guard let versions else { throw ExitStatus.Usage(message: "there is no table \(reference.escapedForDisplay)") }
    if json { return try DataOutput.json(TableChangeAnswer(action, versions)) }
    for version in versions { try DataOutput.line("\(action) \(version.reference)") }
  }

  /// Reads a table's name, and what stands behind its `@`.
  static func parse(_ reference: String) throws -> (TableName, VersionSelector) {
    guard case .named(let name, let selector) = TableReference(reference) else {
      throw ExitStatus.Usage(message: "\(reference.escapedForDisplay) is no name, name@version or name@tag")
    }
    return (name, selector)
  }
}

/// What a change came to.
private struct TableChangeAnswer: Encodable {
  struct Version: Encodable {
    let name: String
    let version: Int
    let id: String
  }

  let action: String
  let tables: [Version]

  init(_ action: String, _ versions: [TableVersion]) {
    self.action = action
    tables = versions.map { Version(name: $0.name, version: $0.version, id: $0.tableID) }
  }
}

/// `ingest table rename`.
struct TableRenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a table another name; its versions and tags move along.",
    discussion: "Exit status 2 where there is no such table, or the new name is not free.")

  @Argument(help: "The table's name.")
  var old: String

  @Argument(help: "The new name: letters, digits, _ and -.")
  var new: String

  @OptionGroup var options: TableChangeOptions

  func run() async throws {
    guard let name = TableName(exactly: old), let target = TableName(exactly: new) else {
      throw ExitStatus.Usage(message: "names have letters, digits, _ and -, and at most 100 of them")
    }
    try await options.run("renamed", old) { try await $0.rename(name, to: target).map { [$0] } }
  }
}

/// `ingest table tag`.
struct TableTagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Give a version a tag, or take it away: sales@good is asked for like sales@3.",
    discussion: """
      A tag is on one version of a table at a time. Exit status 2 where there is no such version or tag, or where
      --if-version does not hold.
      """)

  @Argument(help: "The version: name@version, name@tag, or a name for the latest.")
  var table: String

  @Argument(help: "The tag: a letter, then letters, digits, _ and -.")
  var tag: String

  @Flag(help: "Take the tag away, from whichever version has it.")
  var remove = false

  @Option(
    name: .customLong("if-version"), help: "Only where the tag is on this version now; 0 where it is on none.")
  var expected: Int?

  @OptionGroup var options: TableChangeOptions

  func run() async throws {
    let (name, selector) = try TableChangeOptions.parse(table)
    guard let tag = TableTag(tag) else {
      throw ExitStatus.Usage(
        message: "a tag is a letter, then letters, digits, _ and -, at most \(TableTag.maximumLength)")
    }
    guard !remove || selector == .latest else { throw ExitStatus.Usage(message: "--remove takes a name alone") }
    if remove {
      try await options.run("untagged", table) { try await $0.untag(name, tag, from: expected).map { [$0] } }
    } else {
      try await options.run("tagged", table) {
        try await $0.tag(name, selector, as: tag, replacing: expected).map { [$0] }
      }
    }
  }
}

/// `ingest table delete`.
struct TableDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Hide a version of a table, or all; they can be restored for a time.",
    discussion: """
      `ingest store gc` removes them for good a week later, or after its --retention. Exit status 2 where there is no
      such table or version, or where --if-version does not hold.
      """)

  @Argument(help: "A name for all versions, or name@version or name@tag for one.")
  var table: String

  @Option(name: .customLong("if-version"), help: "Only where this version is the latest now.")
  var expected: Int?

  @OptionGroup var options: TableChangeOptions

  func run() async throws {
    let (name, selector) = try TableChangeOptions.parse(table)
    try await options.run("deleted", table) {
      try await $0.delete(name, selector == .latest ? nil : selector, ifLatest: expected)
    }
  }
}

/// `ingest table restore`.
struct TableRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Show deleted versions of a table again.",
    discussion: "Exit status 2 where nothing of it is deleted, or it was collected.")

  @Argument(help: "A name for all deleted versions, or name@version for one.")
  var table: String

  @OptionGroup var options: TableChangeOptions

  func run() async throws {
    let (name, selector) = try TableChangeOptions.parse(table)
    let version: Int?
    switch selector {
    case .latest: version = nil
    case .number(let number): version = number
    case .tag: throw ExitStatus.Usage(message: "restore takes a name or name@version")
    }
    try await options.run("restored", table) { try await $0.restore(name, version: version) }
  }
}
