// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("The doctor")
struct DoctorTests {
  @Test("It shows the level, the layers, the attacks that were stopped, and the libraries (C37)")
  func sandbox() async throws {
    let ended = try await ingest(["doctor", "--json", "--sandbox-require", "basic"])
    #expect(ended.status == 0, "\(ended.talk)")
    let answer = try ended.object()
    let sandbox = try #require(answer["sandbox"] as? [String: Any])
    #expect(try await sandbox["level"] as? String == ConfinementLevel.best)
    #expect(sandbox["attacks_stopped"] as? Int == 14)
    #expect((sandbox["layers"] as? [String])?.contains("seccomp filter") == true)
    let libraries = try #require(answer["libraries"] as? [String: [String: Any]])
    for name in ["libmagic", "libarchive"] {
      let version = try #require(libraries[name]?["version"] as? String)
      #expect(version.first?.isNumber == true && version.contains(".") && !version.hasPrefix("0."))
      #expect((libraries[name]?["known_gaps"] as? [String])?.isEmpty == false)
    }
    #expect(answer["store"] == nil)
  }

  @Test("A sound store is counted, one whose file is damaged or gone is named, and none at all is a problem: 70")
  func store() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("in/a.csv", "id,name\n1,x\n")
    try directory.write("in/b.csv", "id,name\n2,y\n")
    let store = directory["store"].path
    #expect(try await ingest("batch", directory["in"].path, "--store", store).status == 0)
    let sound = try await doctor(store)
    #expect(sound.status == 0)
    #expect(sound.health["tables"] as? Int == 2 && (sound.health["damaged"] as? [String]) == [])
    #expect((sound.health["free_bytes"] as? Int).map { $0 > 0 } == true)

    let file = try #require(files(under: directory["store"]).first { $0.hasSuffix(".arrow") })
    let path = directory["store"].appending(path: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path.path)
    try Data("no table".utf8).write(to: path)
    let damaged = try await doctor(store)
    #expect(damaged.status == 70)
    #expect((damaged.health["damaged"] as? [String])?.count == 1)

    let missing = try await doctor(directory["none"].path)
    #expect(missing.status == 70)
    #expect(missing.health["problem"] is String)
    #expect(!directory.names.contains("none"), "looking makes nothing")
  }

  private func doctor(_ store: String) async throws -> (status: Int32, health: [String: Any]) {
    let ended = try await ingest(["doctor", "--json", "--store", store, "--sandbox-require", "basic"])
    return (ended.status, try #require(try ended.object()["store"] as? [String: Any]))
  }
}
