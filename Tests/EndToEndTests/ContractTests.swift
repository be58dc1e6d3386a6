// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Types that are asked for, from outside")
struct ContractTests {
  private static let text = "id,day,price\n1,03/04/2024,\"1,50\"\n2,05/06/2024,\"2,25\"\n3,07/08/2024,k.A.\n"

  private func convert(_ directory: TemporaryDirectory, _ options: String...) async throws -> Ended {
    let file = try directory.write("data.csv", Self.text)
    return try await ingest(["convert", file.path, "--to", "csv"] + options)
  }

  @Test("Flags decide what a file alone leaves open")
  func flags() async throws {
    let directory = try TemporaryDirectory()
    let ended = try await convert(
      directory, "--type", "id=decimal(5,1)", "--date-order", "dmy", "--decimal-comma", "--null", "k.A.")
    #expect(ended.status == 0, "\(ended.talk)")
    #expect(ended.text == "id,day,price\r\n1.0,2024-04-03,1.5\r\n2.0,2024-06-05,2.25\r\n3.0,2024-08-07,\r\n")
  }

  @Test("Everything can be text")
  func allText() async throws {
    let ended = try await convert(try TemporaryDirectory(), "--all-text")
    #expect(ended.text == Self.text.replacingOccurrences(of: "\n", with: "\r\n"))
  }

  @Test("A Table Schema says the same as flags, and one that is none is a mistake of the caller's")
  func schema() async throws {
    let directory = try TemporaryDirectory()
    let schema = try directory.write(
      "schema.json",
      #"""
      {"fields": [{"name": "id", "type": "integer"}, {"name": "day", "type": "date", "format": "%m/%d/%Y"},
        {"name": "price", "type": "number", "decimalChar": ","}], "missingValues": ["k.A."]}
      """#)
    let ended = try await convert(directory, "--schema", schema.path)
    #expect(ended.text == "id,day,price\r\n1,2024-03-04,1.5\r\n2,2024-05-06,2.25\r\n3,2024-07-08,\r\n", "\(ended.talk)")
    let broken = try directory.write("broken.json", "{")
    for wrong in [broken.path, directory["none.json"].path] {
      #expect(try await convert(directory, "--schema", wrong).status == 2)
    }
    #expect(try await convert(directory, "--type", "id=money").status == 2)
  }

  @Test("A cell that is not of its type refuses the file, with its place")
  func violation() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("data.csv", Self.text)
    let answer = try (try await ingest("check", "--json", "--type", "price=float64", "--decimal-comma", file.path))
      .object()
    #expect(answer["code"] as? String == "contract_violated")
    #expect(answer["line"] as? Int == 4 && answer["column"] as? Int == 3 && answer["byte_offset"] as? Int == 66)
    #expect((answer["detail"] as? String)?.contains("`k.A.` is no float64, at line 4, column 3") == true)
    let missing = try (try await ingest("check", "--json", "--type", "cost=text", file.path)).object()
    #expect(missing["code"] as? String == "column_missing")
  }

  @Test("What is asked for is part of a table's identity")
  func identity() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("data.csv", Self.text)
    var ids: Set<String> = []
    for options in [[], ["--all-text"], ["--date-order", "dmy"], ["--date-order", "mdy"], ["--type", "id=text"]] {
      let ended = try await ingest(["batch", file.path, "--json", "--store", directory["store"].path] + options)
      let answer = try #require(try ended.object()["answer"] as? [String: Any])
      let tables = try #require(answer["tables"] as? [[String: Any]])
      ids.insert(try #require(tables.first?["id"] as? String))
    }
    #expect(ids.count == 5)
  }

  @Test("A form and a query say it too, and what they say wrongly is refused")
  func http() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let file = try directory.write("data.csv", Self.text).path
    let form = try await server.curl(
      "/v1/uploads", "-F", "types=id=text\nprice=number", "-F", "date_order=dmy", "-F", "decimal_comma=true", "-F",
      "null_words=k.A.", "-F", "file=@\(file)")
    #expect(form.status == 201, "\(String(decoding: form.body, as: UTF8.self))")
    let table = try await server.curl("/v1/tables/data.csv")
    #expect(
      String(decoding: table.body, as: UTF8.self)
        == "id,day,price\r\n1,2024-04-03,1.5\r\n2,2024-06-05,2.25\r\n3,2024-08-07,\r\n")
    let query = try await server.curl("/v1/uploads/data.csv?types=price%3Dint64", "-T", file)
    #expect(query.status == 422)
    #expect(try query.code() == "contract_violated")
    for wrong in ["all_text=perhaps", "types=id", "schema={}"] {
      let answer = try await server.curl("/v1/uploads", "-F", wrong, "-F", "file=@\(file)")
      #expect(try answer.code() == "invalid_request")
    }
  }
}
