// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
  name: "swift-client",
  dependencies: [.package(name: "ingest", path: "../..")],
  targets: [
    .executableTarget(
      name: "swift-client",
      dependencies: [
        .product(name: "IngestPipeline", package: "ingest"), .product(name: "IngestTables", package: "ingest"),
      ])
  ]
)
