// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@testable import Service

@Suite("Addresses")
struct AddressTests {
  @Test(
    "Paths lead to routes",
    arguments: [
      ("/v1/uploads", Route.uploads),
      ("/v1/uploads/a.csv", .upload(Array("a.csv".utf8))),
      ("/v1/uploads/%FF%2Fb", .upload([0xFF, 0x2F, 0x62])),
      ("/v1/tables", .tables),
      ("/v1/tables?after=x&limit=3", .tables),
      ("/v1/tables/sales", .table(reference: "sales", nil)),
      ("/v1/tables/sales@3", .table(reference: "sales@3", nil)),
      ("/v1/tables/sales%403", .table(reference: "sales@3", nil)),
      ("/v1/tables/gr%C3%B6%C3%9Fe.csv", .table(reference: "größe", .csv)),
      ("/v1/tables/sales.json", .table(reference: "sales", .json)),
      ("/v1/tables/sales.ndjson", .table(reference: "sales", .ndjson)),
      ("/v1/tables/sales.arrow", .table(reference: "sales", .arrow)),
      ("/v1/tables/sales@2.arrows", .table(reference: "sales@2", .arrows)),
      ("/v1/tables/sales.description", .table(reference: "sales.description", nil)),
      ("/v1/tables/sales.xlsx", .table(reference: "sales.xlsx", nil)),
      ("/v1/tables/sales/rejects", .rejects(reference: "sales", nil)),
      ("/v1/tables/sales@2/rejects.csv", .rejects(reference: "sales@2", .csv)),
      ("/v1/tables/sales/rejects.arrows", .rejects(reference: "sales", .arrows)),
      ("/livez", .liveness), ("/readyz", .readiness), ("/readyz?verbose", .readiness), ("/metrics", .metrics),
    ])
  func routes(_ address: String, _ route: Route) throws {
    #expect(Route(try #require(RequestTarget(address)).segments) == route)
  }

  @Test(
    "Other paths lead nowhere",
    arguments: [
      "/", "//", "/v1", "/v1/", "/v1/uploads/", "/v1/uploads//", "/v1/uploads/a/b", "/v1/tables/", "/v1/tables/%FF",
      "/v2/tables", "/V1/tables", "/livez/", "/v1//tables", "/v1/../v1/tables", "/v1/tables/a/b", "/v1/tables//rejects",
      "/v1/tables/a/rejects/", "/v1/tables/a/rejects.xlsx", "/v1/tables/a.csv/rows",
    ])
  func nowhere(_ address: String) throws {
    #expect(Route(try #require(RequestTarget(address)).segments) == nil)
  }

  @Test("Unknown and repeated parameters are refused") func parameters() throws {
    let known = QueryParameters([("name", "a"), ("format", "csv")])
    #expect(try known.values("name", "format", "header") == ["name": "a", "format": "csv"])
    #expect(throws: RequestProblem.self) { try known.values("name") }
    #expect(throws: RequestProblem.self) { try QueryParameters([("name", "a"), ("name", "a")]).values("name") }
  }
}
