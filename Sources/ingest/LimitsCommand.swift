// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Validation

/// `ingest limits`: every cap with its value.
struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "limits", abstract: "Show every limit and its value.")

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var workers: WorkerOptions
  @OptionGroup var keeping: KeepingOptions

  func run() throws {
    var limits = workers.limits
    keeping.apply(to: &limits)
    let entries = limits.entries
    guard json else {
      let width = entries.map(\.name.count).max() ?? 0
      for entry in entries {
        try DataOutput.line(entry.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + entry.text)
      }
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let values = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
    try DataOutput.line(String(decoding: try encoder.encode(values), as: UTF8.self))
  }
}
