// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import Catalog

@Suite("Publishing to the catalog")
struct PublishingTests {
  @Test("An upload's tables appear together, in the order of the request")
  func appearTogether() async throws {
    try await withCatalog { catalog in
      let request = try makeRequest(1, names: ["zebra", "Ant"])
      let versions = try await catalog.publish(request)
      #expect(versions.map(\.name) == ["zebra", "Ant"])
      #expect(versions.map(\.version) == [1, 1])
      #expect(versions.map(\.member) == [nil, "member-1.csv"])
      #expect(versions.allSatisfy { $0.isNew && $0.uploadID == request.upload.id && $0.principal == "ann" })
      #expect(versions.allSatisfy { $0.rows == 2 && $0.columns == 3 && $0.rejected == 1 && $0.fileBytes == 4_096 })
      let stored = try #require(try await catalog.upload(id: request.upload.id))
      #expect(stored.upload == request.upload)
      #expect(stored.tables == versions)
    }
  }

  @Test("The same name, in any case, gets a new version with new content and none with the same")
  func versions() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["Sales"], table: 7))
      let again = try await catalog.publish(try makeRequest(2, names: ["sales"], table: 7))
      #expect(again.map(\.version) == [1])
      #expect(again.map(\.isNew) == [false])
      #expect(again.map(\.uploadID) == [hex(1, digits: 32)])
      let changed = try await catalog.publish(try makeRequest(3, names: ["SALES"], table: 8))
      #expect(changed.map(\.version) == [2])
      #expect(changed.map(\.name) == ["SALES"])
      let back = try await catalog.publish(try makeRequest(4, names: ["sales"], table: 7))
      #expect(back.map(\.version) == [3])
      #expect(back.map(\.isNew) == [true])
      let seen = try #require(try await catalog.upload(id: hex(2, digits: 32)))
      #expect(seen.tables == again)
    }
  }

  @Test("A name belongs to whoever used it first; another's upload is refused whole")
  func nameTaken() async throws {
    try await withCatalog { catalog in
      let first = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      await #expect(throws: CatalogError.nameTaken("Sales")) {
        try await catalog.publish(try makeRequest(2, names: ["fresh", "Sales"], principal: "bob"))
      }
      #expect(try await catalog.latestTables(limit: 10) == first)
      #expect(try await catalog.upload(id: hex(2, digits: 32)) == nil)
      #expect(try await catalog.reading(derivation: hex(2), scope: "bob") == nil)
      #expect(try await catalog.auditEvents(limit: 10).map(\.actor) == ["ann", "ann"])
    }
  }

  @Test("An upload that only creates is refused for a name that exists, even with the same content")
  func onlyCreate() async throws {
    try await withCatalog { catalog in
      let request = try makeRequest(1, names: ["sales"], table: 7, onlyCreate: true)
      #expect(try await catalog.publish(request).map(\.version) == [1])
      await #expect(throws: CatalogError.nameExists("SALES")) {
        try await catalog.publish(try makeRequest(2, names: ["SALES"], table: 7, onlyCreate: true))
      }
    }
  }

  @Test("An upload without tables is published too, and its reading known")
  func noTables() async throws {
    try await withCatalog { catalog in
      let versions = try await catalog.publish(try makeRequest(1, names: []))
      #expect(versions.isEmpty)
      #expect(try await catalog.reading(derivation: hex(1), scope: "ann") == [])
    }
  }

  @Test("A known reading is kept as it was; one with other tables is refused")
  func knownReading() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"], table: 7, derivation: 5))
      var same = try makeRequest(2, names: ["copy"], table: 7, derivation: 5)
      same.outputs[0].warnings = #"["reworded"]"#
      #expect(try await catalog.publish(same).map(\.warnings) == ["[]"])
      await #expect(throws: CatalogError.readingDiffers) {
        try await catalog.publish(try makeRequest(3, names: ["other"], table: 8, derivation: 5))
      }
    }
  }

  @Test("A reading is known only within its scope")
  func scopes() async throws {
    try await withCatalog { catalog in
      let request = try makeRequest(1, names: ["sales"], table: 7, scope: "store", derivation: 5)
      _ = try await catalog.publish(request)
      #expect(try await catalog.reading(derivation: hex(5), scope: "store") == request.outputs)
      #expect(try await catalog.reading(derivation: hex(5), scope: "ann") == nil)
      #expect(try await catalog.reading(derivation: hex(6), scope: "store") == nil)
    }
  }

  @Test("A request that contradicts itself is refused", arguments: contradictions)
  func contradiction(_ label: String, _ expected: CatalogError, _ spoil: @Sendable (inout PublicationRequest) -> Void)
    async throws
  {
    try await withCatalog { catalog in
      var request = try makeRequest(1, names: ["a", "b"])
      spoil(&request)
      let spoiled = request
      await #expect(throws: expected, "\(label)") { try await catalog.publish(spoiled) }
      #expect(try await catalog.upload(id: request.upload.id) == nil)
    }
  }

  private static let contradictions: [(String, CatalogError, @Sendable (inout PublicationRequest) -> Void)] = [
    ("names differing in case only", .duplicateNames, { $0.names = [$0.names[0], $0.names[0]] }),
    ("fewer names", .invalidRequest(.namesAndOutputsDiffer), { $0.names.removeLast() }),
    ("one ordinal twice", .invalidRequest(.duplicateOrdinals), { $0.outputs[1].ordinal = 0 }),
    ("a refused upload", .invalidRequest(.uploadNotAccepted), { $0.upload.code = "empty" }),
    ("no derivation", .invalidRequest(.uploadNotAccepted), { $0.upload.derivation = nil }),
    ("an upper-case id", .invalidRequest(.malformedID), { $0.upload.id = String(repeating: "A", count: 32) }),
    ("a short table id", .invalidRequest(.malformedID), { $0.outputs[0].tableID.removeLast() }),
    ("a zero byte in who", .invalidRequest(.zeroByte), { $0.upload.principal = "ann\0bob" }),
    ("bytes past Int64", .outOfRange, { $0.upload.bytes = 1 << 63 }),
    ("rows past Int64", .outOfRange, { $0.outputs[1].rows = .max }),
    ("a negative ordinal", .outOfRange, { $0.outputs[1].ordinal = -1 }),
  ]

  @Test("The largest numbers come back as they went in")
  func largestNumbers() async throws {
    try await withCatalog { catalog in
      var request = try makeRequest(1, names: ["sales"])
      request.upload.bytes = UInt64(Int64.max)
      request.outputs[0].rows = UInt64(Int64.max)
      #expect(try await catalog.publish(request).map(\.rows) == [UInt64(Int64.max)])
      #expect(try await catalog.upload(id: request.upload.id)?.upload == request.upload)
    }
  }

  @Test("An upload is recorded once")
  func duplicateUpload() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      await #expect(throws: CatalogError.duplicateUpload) {
        try await catalog.publish(try makeRequest(1, names: ["other"]))
      }
      await #expect(throws: CatalogError.duplicateUpload) {
        try await catalog.recordRefusal(makeUpload(1, code: "empty"), at: 1)
      }
    }
  }

  @Test("Two catalogs on one file publish concurrently; every version is counted once")
  func twoCatalogs() async throws {
    try await withCatalogPath { path in
      let catalogs = try [0, 1].map { _ in try TableCatalog.open(at: path, mode: .readWrite) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...40 {
          group.addTask {
            _ = try await catalogs[number % 2].publish(try makeRequest(number, names: ["shared", "own-\(number)"]))
          }
        }
        try await group.waitForAll()
      }
      let versions = try await catalogs[0].versions(of: try name("shared"))
      #expect(versions.map(\.version) == Array((1...40).reversed()))
      #expect(try await catalogs[1].latestTables(limit: 100).count == 41)
      for catalog in catalogs { try await catalog.close() }
    }
  }

  @Test("A cancelled publication says so, and is whole or absent")
  func cancelled() async throws {
    try await withCatalog { catalog in
      let task = Task {
        // SAFETY: the task is only used within the closure.
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        _ = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      }
      await #expect(throws: CatalogError.cancelled) { try await task.value }
      let upload = try await catalog.upload(id: hex(1, digits: 32))
      #expect(upload == nil)
    }
  }
}
