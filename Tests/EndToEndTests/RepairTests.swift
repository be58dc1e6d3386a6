// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Rejected records that are mended and sent again.
@Suite("Repairs, from outside")
struct RepairTests {
  private static let text =
    "id;day;price\n1;03/04/2024;1,50\nx;05/06/2024;2,25\n3;07/08/2024;\"k;A\"\n4;31/12/2024;4,00\n"
  private static let options = [
    "--type", "id=int64", "--type", "price=number", "--type", "day=date", "--date-order", "dmy", "--decimal-comma",
    "--max-rejects", "9",
  ]

  @Test("The records come out as they stood, and back into their table by what it was read by")
  func commandLine() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"].path
    let file = try directory.write("data.csv", Self.text)
    #expect(try await ingest(["batch", file.path, "--store", store] + Self.options).status == 0)
    let sheet = try await ingest("table", "rejects", "data", "--repair", "--store", store)
    #expect(sheet.text == "\"id\";\"day\";\"price\"\nx;05/06/2024;2,25\n3;07/08/2024;\"k;A\"\n", "\(sheet.talk)")
    // One is mended; the other is still wrong.
    let mended = try directory.write("fix.csv", sheet.text.replacingOccurrences(of: "\nx;", with: "\n2;"))
    let ended = try await ingest("table", "repair", "data", mended.path, "--json", "--store", store)
    #expect(ended.status == 0, "\(ended.talk)")
    let answer = try ended.object()
    let table = try #require((answer["tables"] as? [[String: Any]])?.first)
    #expect(table["name"] as? String == "data" && table["version"] as? Int == 2)
    #expect(table["rows"] as? Int == 3 && table["rejected"] as? Int == 1)
    #expect((answer["report"] as? [String: Any])?["repairs"] as? String == "data@1")
    let rows = try await ingest("table", "export", "data", "--to", "csv", "--store", store)
    #expect(rows.text == "id,day,price\r\n1,2024-04-03,1.5\r\n4,2024-12-31,4.0\r\n2,2024-06-05,2.25\r\n")
    let rejects = try await ingest("table", "rejects", "data", "--store", store)
    #expect(rejects.lines.count == 2 && rejects.text.contains("3,51,3,price,wrong_type,\"k;A\",1,"), "\(rejects.text)")
    #expect(try await ingest("table", "show", "data", "--store", store).text.contains("repairs data@1"))
    // The version before is what it was.
    let before = try await ingest("table", "rejects", "data@1", "--store", store)
    #expect(before.lines.count == 3)
    // What was taken in is not taken in twice: the first version is not the latest any more.
    let again = try await ingest("table", "repair", "data@1", mended.path, "--store", store)
    #expect(again.status == 2 && again.talk.contains("newer version"))
    let last = try directory.write("last.csv", "id;day;price\n3;07/08/2024;3,75\n")
    #expect(try await ingest("table", "repair", "data", last.path, "--store", store).text.contains("data@3, 4 rows"))
    #expect(try await ingest("table", "repair", "data", last.path, "--store", store).status == 2)
    let python = try Binaries.python()
    let arrow = try await ingest("table", "export", "data", "--to", "arrow", "--store", store)
    let read = try await run(
      [python, "-B", Binaries.script("read_types.py"), "file"], input: arrow.output, deadline: 60)
    #expect(read.status == 0, "\(read.talk)")
    #expect(try await ingest("doctor", "--store", store).status == 0)
  }

  @Test("A repair with other columns is refused, and one without some of the records says so")
  func refusals() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"].path
    let file = try directory.write("data.csv", "a,b\n1,2\nx,3\ny,4\n")
    #expect(
      try await ingest(["batch", file.path, "--store", store, "--type", "a=int64", "--max-rejects", "5"]).status == 0)
    let missing = try directory.write("missing.csv", "b\n2\n")
    let refused = try await ingest("table", "repair", "data", missing.path, "--store", store)
    #expect(refused.status == 1 && refused.text.contains("column_missing"))
    let wider = try directory.write("wider.csv", "a,b,c\n2,3,4\n")
    #expect(
      try await ingest("table", "repair", "data", wider.path, "--store", store).text.contains("contract_violated"))
    let fewer = try directory.write("fewer.csv", "a,b\n2,3\n")
    let ended = try await ingest("table", "repair", "data", fewer.path, "--store", store)
    #expect(ended.status == 0 && ended.text.contains("1 of 2 rejected records of data@1 were not sent again"))
    #expect(try await ingest("table", "repair", "none", fewer.path, "--store", store).status == 2)
  }

  @Test("HTTP hands the records out and takes them in")
  func http() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let file = try directory.write("data.csv", "a,b\n1,p\nx,q\n\"y\",\"r,s\"\n").path
    let upload = try await server.curl(
      "/v1/uploads", "-F", "types=a=int64", "-F", "max_rejects=5", "-F", "file=@\(file)")
    #expect(upload.status == 201)
    let sheet = try await server.curl("/v1/tables/data/rejects.csv?for=repair")
    #expect(String(decoding: sheet.body, as: UTF8.self) == "\"a\",\"b\"\nx,q\n\"y\",\"r,s\"\n")
    for wrong in ["rejects?for=repair", "rejects.json?for=repair", "rejects.csv?for=fun"] {
      #expect(try await server.curl("/v1/tables/data/\(wrong)").code() == "invalid_request")
    }
    let mended = try directory.write("fix.csv", "a,b\n2,q\n3,\"r,s\"\n").path
    let stated = try await server.curl("/v1/tables/data/repairs", "-F", "all_text=true", "-F", "file=@\(mended)")
    #expect(try stated.code() == "invalid_request")
    let repair = try await server.curl("/v1/tables/data@1/repairs", "-F", "file=@\(mended)")
    #expect(repair.status == 201, "\(String(decoding: repair.body, as: UTF8.self))")
    let rows = try await server.curl("/v1/tables/data.csv")
    #expect(String(decoding: rows.body, as: UTF8.self) == "a,b\r\n1,p\r\n2,q\r\n3,\"r,s\"\r\n")
    #expect(try await server.curl("/v1/tables/data/rejects").code() == "not_found")
    #expect(try await server.curl("/v1/tables/data").object()["repairs"] as? Int == 1)
    // Of two that repair the same version one is too late.
    let late = try await server.curl("/v1/tables/data@1/repairs", "-F", "file=@\(mended)")
    #expect(try late.status == 409 && late.code() == "version_changed")
    #expect(try await server.curl("/v1/tables/data/repairs", "-F", "file=@\(mended)").code() == "not_found")
    #expect(try await server.curl("/v1/tables/data/repairs").status == 405)
  }
}
