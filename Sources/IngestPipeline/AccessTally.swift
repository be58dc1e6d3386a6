// SPDX-License-Identifier: Apache-2.0

package import Catalog
import Logging
import Store
import Synchronization

/// Counts what the audit log has one row for many of: what is read, and requests that are turned away.
///
/// Counting takes a lock and touches no disk. What was not written yet is lost with the process.
package final class AccessTally: Sendable {
  private let counts = Mutex(AccessCounts())

  package init() {}

  /// Counts requests that got a version of a table, or found that they have it.
  ///
  /// - Parameter time: of the requests, in microseconds since 1970-01-01 UTC; likewise below.
  package func noteRead(_ name: String, _ version: Int, by principal: String, count: UInt64 = 1, at time: Int64) {
    note(.read("\(name)@\(version)"), by: principal, count, at: time)
  }

  /// Counts requests that got what was found on this basis.
  package func noteRead(_ basis: LookupBasis, by principal: String, count: UInt64 = 1, at time: Int64) {
    noteRead(basis.name, basis.version, by: principal, count: count, at: time)
  }

  /// Counts a request that got the bytes of an upload.
  package func noteRead(original upload: String, by principal: String, at time: Int64) {
    note(.read(upload), by: principal, 1, at: time)
  }

  /// Counts a request that was refused before it became an upload.
  ///
  /// - Parameter code: a stable one, so that there are few.
  package func noteTurnedAway(_ code: String, by principal: String, at time: Int64) {
    note(.turnedAway(code), by: principal, 1, at: time)
  }

  private func note(_ kind: CountedAccess.Kind, by principal: String, _ count: UInt64, at time: Int64) {
    let access = CountedAccess(minute: AccessCounts.minute(of: time), actor: principal, kind: kind)
    counts.withLock { $0.add(count, of: access) }
  }

  /// Writes what was counted to the audit log, but for what a minute that is not over yet may add to.
  ///
  /// Where that fails all of it is kept for the next time.
  ///
  /// - Parameter time: now; nil for the end, at which everything is written.
  /// - Throws: the machine's failure.
  package func write(to catalog: TableCatalog, at time: Int64?) async throws(CatalogError) {
    let taken = counts.withLock { $0.take(but: time.map(AccessCounts.minute)) }
    do { try await catalog.record(taken) } catch {
      counts.withLock { counts in
        for (access, count) in taken { counts.add(count, of: access) }
      }
      throw error
    }
  }
}

/// How many requests there were of each kind, principal and minute; of so many at most, however long nobody takes them.
struct AccessCounts {
  /// The most that are counted by themselves: some hundred bytes each, and a row of one transaction.
  static let most = 4_096
  /// Stands for a principal, a subject or a code that had no room to be counted by itself; it is the name of none.
  static let other = "*"

  private static let minute: Int64 = 60_000_000

  /// The start of a time's minute, both in microseconds since 1970-01-01 UTC.
  static func minute(of time: Int64) -> Int64 {
    let past = time % minute
    return time - (past < 0 ? past + minute : past)
  }

  private var counts: [CountedAccess: UInt64] = [:]
  /// What had no room, as one for reads and one for the rest, in the minute in which it began.
  private var others: [CountedAccess.Kind: (minute: Int64, count: UInt64)] = [:]

  mutating func add(_ count: UInt64, of access: CountedAccess) {
    if let index = counts.index(forKey: access) {
      counts.values[index] += count
    } else if counts.count < Self.most {
      counts[access] = count
    } else {
      let kind = access.kind.other
      let held = others[kind] ?? (access.minute, 0)
      others[kind] = (held.minute, held.count + count)
    }
  }

  /// Takes all counts but those of one minute.
  mutating func take(but minute: Int64?) -> [CountedAccess: UInt64] {
    var taken = counts.filter { $0.key.minute != minute }
    counts = counts.filter { $0.key.minute == minute }
    for (kind, held) in others where held.minute != minute {
      taken[CountedAccess(minute: held.minute, actor: Self.other, kind: kind), default: 0] += held.count
      others[kind] = nil
    }
    return taken
  }
}

extension CountedAccess.Kind {
  fileprivate var other: CountedAccess.Kind {
    switch self {
    case .read: .read(AccessCounts.other)
    case .turnedAway: .turnedAway(AccessCounts.other)
    }
  }
}

extension Ingestor {
  /// Writes what was counted to the audit log.
  ///
  /// A failure is logged, and what was counted is kept.
  ///
  /// - Parameter isLast: whether nothing is counted any more.
  package func recordAccesses(isLast: Bool) async {
    do { try await accesses.write(to: store.catalog, at: isLast ? nil : .nowInMicroseconds) } catch {
      logger.warning(
        "what was read and turned away was not written to the audit log", metadata: ["error": "\(error)"])
    }
  }
}
