// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import FileDescriptors
import Foundation
import Logging
import Store
import Validation

/// Where the head of the audit log is kept beside the store.
struct AuditHeadOptions: ParsableArguments {
  @Option(
    name: .customLong("audit-head"),
    help: "A file that gets the audit log's head after each commit, for `ingest audit verify --head-file`.")
  var path: String?

  @OptionGroup var key: AuditKeyOption

  /// Begins to keep the head: in the log now, in the file after each commit.
  ///
  /// - Returns: what is to be called at the end.
  func keep(_ store: TableStore, _ logger: Logger) async throws -> AuditHeadKeeper {
    let keeper = AuditHeadKeeper(path: path, key: try key.key(), logger: logger)
    if path != nil { store.catalog.onAuditHead { keeper.write($0) } }
    keeper.write(try await keeper.log(store, at: "start"))
    return keeper
  }
}

/// The key that seals heads of the audit log.
struct AuditKeyOption: ParsableArguments {
  @Option(
    name: .customLong("key-file"),
    help: "The file of the key that seals heads of the audit log; $INGEST_AUDIT_KEY_FILE otherwise.")
  var path: String?

  private static let mostBytes = 4_096

  /// The key; nil where none is set.
  func key() throws -> AuditKey? {
    let named = path ?? ProcessInfo.processInfo.environment["INGEST_AUDIT_KEY_FILE"]
    guard let named, !named.isEmpty else { return nil }
    let bytes = try SmallFile.read(named, atMost: Self.mostBytes)
    guard let key = AuditKey(bytes) else {
      throw ExitStatus.Usage(
        message: "the key in \(named.escapedForDisplay) has fewer than \(AuditKey.leastBytes) bytes")
    }
    return key
  }
}

/// A file of the operator's that is read whole.
enum SmallFile {
  static func read(_ path: String, atMost limit: Int) throws -> [UInt8] {
    do {
      let file = try OwnedDescriptor.open(path, flags: O_RDONLY)
      var bytes = [UInt8](repeating: 0, count: limit + 1)
      var span = bytes.mutableSpan
      let count = try file.pread(into: &span, at: 0)
      guard count <= limit else {
        throw ExitStatus.Usage(message: "\(path.escapedForDisplay) has more than \(limit) bytes")
      }
      return Array(bytes.prefix(count))
    } catch let error as SystemCallError {
      throw ExitStatus.Usage(message: "cannot read \(path.escapedForDisplay): \(error.name)")
    }
  }
}

/// A head as it is kept outside of the store: `12:ab…`, and behind a blank its seal where there is a key.
struct KeptHead {
  let head: AuditHead
  let seal: String?

  init(_ head: AuditHead, _ key: AuditKey?) {
    self.head = head
    seal = key?.seal(head)
  }

  init?(_ text: String) {
    let words = text.split { $0.isWhitespace }
    guard (1...2).contains(words.count), let head = AuditHead(String(words[0])) else { return nil }
    self.head = head
    seal = words.count == 2 ? String(words[1]) : nil
  }

  var text: String { [head.description, seal].compactMap(\.self).joined(separator: " ") }
}

/// Keeps the head of the audit log where it was asked for.
final class AuditHeadKeeper: Sendable {
  private let path: String?
  private let key: AuditKey?
  private let logger: Logger

  init(path: String?, key: AuditKey?, logger: Logger) {
    self.path = path
    self.key = key
    self.logger = logger
  }

  /// Writes the head to the file, which holds one or the other at any time; a failure goes to the log, since the commit
  /// stands.
  func write(_ head: AuditHead) {
    guard let path else { return }
    do {
      let sink = try DataSink(path: path)
      try sink.write(Array((KeptHead(head, key).text + "\n").utf8))
      try sink.commit()
    } catch {
      logger.error("the audit log's head was not written", metadata: ["error": "\(ExitStatus.message(of: error))"])
    }
  }

  /// Writes the head to the log.
  ///
  /// - Parameter moment: the start or the end.
  @discardableResult
  func log(_ store: TableStore, at moment: String) async throws -> AuditHead {
    let head: AuditHead
    do { head = try await store.catalog.auditHead() } catch { throw StoreError(error) }
    logger.notice("audit log at \(moment)", metadata: ["head": "\(KeptHead(head, key).text)"])
    return head
  }
}
