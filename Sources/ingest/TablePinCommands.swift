// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import IngestPipeline

/// `ingest table pin`.
struct TablePinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin", abstract: "Keep a version for good: neither age nor a full store removes it.",
    discussion: "Its owner can still delete it. Exit status 2 where there is no such version.")

  @Argument(help: "The version: name@version, name@tag, or a name for the latest.")
  var table: String

  @OptionGroup var options: TableChangeOptions

  func run() async throws {
    let (name, selector) = try TableChangeOptions.parse(table)
    try await options.run("pinned", table) { try await $0.pin(name, selector, isPinned: true).map { [$0] } }
  }
}

/// `ingest table unpin`.
struct TableUnpinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin", abstract: "Take a version's pin away.",
    discussion: "Exit status 2 where there is no such version.")

  @Argument(help: "The version: name@version, name@tag, or a name for the latest.")
  var table: String

  @OptionGroup var options: TableChangeOptions

  func run() async throws {
    let (name, selector) = try TableChangeOptions.parse(table)
    try await options.run("unpinned", table) { try await $0.pin(name, selector, isPinned: false).map { [$0] } }
  }
}
