// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Loops over each byte and cell take 20 times as long without optimisation, and the tests go over many; every check of
/// bounds and overflow stays.
let quickSettings: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Executables link the Swift library statically: a worker starts in 3 ms rather than 10, and nothing can be put in its
/// place.
let staticLinkerSettings: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib", "-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"])
]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
]
let nio: [Target.Dependency] = ["NIOCore", "NIOHTTP1", "NIOPosix"].map { .product(name: $0, package: "swift-nio") }
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
  name: "ingest",
  products: [
    .executable(name: "ingest", targets: ["ingest"]),
    .executable(name: "ingest-worker", targets: ["IngestWorker"]),
    .library(name: "IngestPipeline", targets: ["IngestPipeline", "Validation"]),
    .library(name: "IngestTables", targets: ["IngestTables"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The command line, and the one composition root
    .executableTarget(
      name: "ingest",
      dependencies: [
        "Catalog", "FileDescriptors", "IngestPipeline", "IngestTables", "Sandbox", "Service", "Store", "Telemetry",
        "UploadVerification", "Validation", "WorkerProtocol", log, metrics,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + hummingbird + nio,
      swiftSettings: settings,
      linkerSettings: staticLinkerSettings + [
        // What Foundation itself stands on; its own module names only the dynamic one.
        .unsafeFlags(["-lCoreFoundation", "-l_FoundationCShims", "-l_FoundationCollections", "-l_FoundationICU"])
      ]),

    // The service's side
    .target(
      name: "Service",
      dependencies: [
        "CGzip", "Caching", "HTTPParsing", "IngestPipeline", "IngestTables", "Telemetry", "Validation", log, metrics,
        httpTypes,
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ] + hummingbird + nio,
      swiftSettings: settings),
    .target(name: "HTTPParsing", dependencies: ["Validation"], swiftSettings: settings),
    .target(
      name: "IngestPipeline",
      dependencies: [
        "Caching", "Catalog", "CKernel", "FileDescriptors", "Hashing", "IngestTables", "Sandbox", "Store", "Telemetry",
        "UploadVerification", "Validation", "WorkerProtocol", log, metrics,
      ],
      swiftSettings: settings),
    .target(
      name: "UploadVerification",
      dependencies: ["CKernel", "FileDescriptors", "IngestTables", "Sandbox", "Validation", "WorkerProtocol"],
      swiftSettings: settings),
    .target(
      name: "Sandbox",
      dependencies: ["CKernel", "CSpawn", "FileDescriptors", "Validation", "WorkerChannel", "WorkerProtocol"],
      swiftSettings: settings),
    .target(name: "Caching", swiftSettings: settings),
    .target(name: "Store", dependencies: ["Catalog", "FileDescriptors"], swiftSettings: settings),
    .target(
      name: "Catalog",
      dependencies: ["CSQLite", "Hashing", "Validation", grdb],
      swiftSettings: settings),
    .target(name: "Hashing", dependencies: ["CSHA256"], swiftSettings: settings),
    .target(name: "Telemetry", dependencies: [coreMetrics], swiftSettings: settings),

    // Both sides
    .target(
      name: "IngestTables", dependencies: ["CByteChecks", "CChecksum", "FileDescriptors"],
      // Its spans say whose memory they borrow; who imports it needs no setting.
      swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]),
    .target(name: "Validation", swiftSettings: settings),
    .target(name: "WorkerProtocol", dependencies: ["IngestTables", "Validation"], swiftSettings: settings),
    .target(name: "WorkerChannel", dependencies: ["CKernel", "FileDescriptors"], swiftSettings: settings),
    .target(name: "FileDescriptors", swiftSettings: settings),

    // The worker's side
    .executableTarget(
      name: "IngestWorker", dependencies: ["OneShotWorker"], swiftSettings: settings,
      linkerSettings: staticLinkerSettings),
    .target(
      name: "OneShotWorker",
      dependencies: [
        "FileDescriptors", "IngestTables", "Inspection", "Lockdown", "Readers", "Validation", "WorkerChannel",
        "WorkerProtocol",
      ],
      swiftSettings: settings),
    .target(name: "Lockdown", dependencies: ["CSeccomp", "CKernel", "WorkerProtocol"], swiftSettings: settings),
    .target(name: "Inspection", dependencies: ["CMagic", "FileDescriptors", "Validation"], swiftSettings: settings),
    .target(
      name: "Readers",
      dependencies: [
        "CArchive", "CBzip2", "CGunzip", "CICU", "CJSON", "CLz4", "CLzma", "CScan", "CTranscode", "CZlib", "CZstd",
        "FileDescriptors", "IngestTables", "Validation", "WorkerProtocol",
      ],
      swiftSettings: settings + quickSettings),

    // Keyholes: one for each C library
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
    .systemLibrary(name: "CICU", pkgConfig: "icu-uc", providers: [.apt(["libicu-dev"])]),
    .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    .systemLibrary(name: "CMagic", providers: [.apt(["libmagic-dev"])]),
    .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CJSON", exclude: ["records.inc", "values.inc"]),
    .target(name: "CScan", exclude: ["scan.inc", "scans.inc"]),
    .target(name: "CTranscode"),
    .target(name: "CByteChecks"),
    .target(name: "CChecksum"),
    .target(name: "CSpawn"),
    .target(name: "CKernel"),
    .target(name: "CSQLite"),
    .target(name: "CGunzip", linkerSettings: [.linkedLibrary("isal")]),
    // Of zlib what compresses alone: the service expands nothing.
    .target(name: "CGzip", linkerSettings: [.linkedLibrary("z")]),
    // The few objects that hash, rather than a library of five megabytes that each start would load.
    .target(name: "CSHA256", linkerSettings: [.linkedLibrary(":libcrypto.a")]),

    // Tests
    .testTarget(
      name: "ContainerTests", dependencies: ["FileDescriptors", "Readers", "Validation"], swiftSettings: settings),
    .executableTarget(
      name: "misbehaving-worker",
      dependencies: [
        "FileDescriptors", "IngestTesting", "OneShotWorker", "Readers", "WorkerChannel", "WorkerProtocol",
      ],
      path: "Tests/MisbehavingWorker", swiftSettings: settings, linkerSettings: staticLinkerSettings),
    .executableTarget(
      name: "faulty-ingest",
      dependencies: [
        "FileDescriptors", "IngestPipeline", "Sandbox", "Store", "Validation", "WorkerProtocol", log,
      ],
      path: "Tests/FaultyIngest", swiftSettings: settings),
    // The sources of a package that depends on this one (samples/swift-client), which sees what is public alone.
    .executableTarget(
      name: "library-client", dependencies: ["IngestPipeline", "IngestTables", "Validation"],
      path: "samples/swift-client/Sources/swift-client", packageAccess: false, swiftSettings: settings),
    // Runs the built executables; it cannot depend on them, or the worker's static linking would be its own.
    .testTarget(
      name: "EndToEndTests", dependencies: ["IngestTesting"], exclude: ["golden_ids.json"], swiftSettings: settings),
    .target(
      name: "IngestTesting", dependencies: ["IngestTables"], path: "Tests/IngestTesting", swiftSettings: settings),
    .testTarget(
      name: "IngestTablesTests", dependencies: ["FileDescriptors", "IngestTables", "IngestTesting"],
      swiftSettings: settings),
    .testTarget(
      name: "ReadersTests",
      dependencies: ["FileDescriptors", "IngestTables", "IngestTesting", "Readers", "Validation", "WorkerProtocol"],
      swiftSettings: settings),
    // What is fuzzed, by itself; see the end of this file.
    .target(
      name: "Fuzzing",
      dependencies: [
        "CKernel", "FileDescriptors", "IngestTables", "IngestTesting", "UploadVerification", "WorkerProtocol",
      ],
      path: "Fuzz/Fuzzing", swiftSettings: settings + quickSettings),
    .target(
      name: "ReaderFuzzing",
      dependencies: [
        "FileDescriptors", "Fuzzing", "IngestTables", "Readers", "UploadVerification", "Validation", "WorkerProtocol",
      ],
      path: "Fuzz/ReaderFuzzing", swiftSettings: settings + quickSettings),
    .target(
      name: "ServiceFuzzTargets",
      dependencies: [
        "FileDescriptors", "Fuzzing", "HTTPParsing", "IngestTables", "IngestTesting", "Sandbox", "UploadVerification",
        "Validation", "WorkerProtocol",
      ],
      path: "Fuzz/ServiceTargets", swiftSettings: settings + quickSettings),
    .target(
      name: "ReaderFuzzTargets",
      dependencies: [
        "FileDescriptors", "Fuzzing", "IngestTables", "ReaderFuzzing", "Readers", "UploadVerification", "Validation",
        "WorkerProtocol",
      ],
      path: "Fuzz/ReaderTargets", swiftSettings: settings + quickSettings),
    .testTarget(
      name: "FuzzTests", dependencies: ["Fuzzing", "IngestTesting", "ReaderFuzzTargets", "ServiceFuzzTargets"],
      swiftSettings: settings),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"], swiftSettings: settings),
    .testTarget(name: "CachingTests", dependencies: ["Caching", "IngestTesting"], swiftSettings: settings),
    .testTarget(name: "ValidationTests", dependencies: ["IngestTesting", "Validation"], swiftSettings: settings),
    .testTarget(
      name: "WorkerProtocolTests", dependencies: ["IngestTables", "IngestTesting", "Validation", "WorkerProtocol"],
      swiftSettings: settings),
    .testTarget(
      name: "IngestPipelineTests",
      dependencies: [
        "Catalog", "FileDescriptors", "IngestPipeline", "IngestTables", "IngestTesting", "Sandbox", "Telemetry",
        "Validation", "WorkerProtocol",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "UploadVerificationTests",
      dependencies: [
        "FileDescriptors", "IngestTables", "IngestTesting", "Sandbox", "UploadVerification", "Validation",
        "WorkerChannel", "WorkerProtocol",
      ],
      swiftSettings: settings),
    .testTarget(name: "InspectionTests", dependencies: ["Inspection", "Validation"], swiftSettings: settings),
    .testTarget(
      name: "HTTPParsingTests", dependencies: ["HTTPParsing", "IngestTesting", "Validation"], swiftSettings: settings),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Catalog", "FileDescriptors", "HTTPParsing", "IngestPipeline", "IngestTables", "IngestTesting", "Sandbox",
        "Service", "Store", "Telemetry", "Validation", "WorkerProtocol", log, httpTypes,
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ] + hummingbird + nio,
      swiftSettings: settings),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", "Validation", "WorkerProtocol"], swiftSettings: settings),
    .testTarget(name: "CatalogTests", dependencies: ["Catalog", "Validation", grdb], swiftSettings: settings),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", metrics], swiftSettings: settings),
    .testTarget(
      name: "StoreTests", dependencies: ["Catalog", "FileDescriptors", "Store", "Validation"], swiftSettings: settings),
    .target(name: "CAttacks", path: "Tests/HostileWorker/CAttacks"),
    .executableTarget(
      name: "hostile-worker", dependencies: ["CAttacks", "CKernel", "Lockdown", "WorkerProtocol"],
      path: "Tests/HostileWorker", exclude: ["CAttacks"], swiftSettings: settings,
      linkerSettings: staticLinkerSettings),
    // Like the EndToEndTests, these find the built executable.
    .testTarget(
      name: "LockdownTests", dependencies: ["CSeccomp", "CKernel", "Lockdown", "WorkerProtocol"],
      swiftSettings: settings),
  ],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx17
)

// `tools/bench` asks for the programs that measure from within: what isolation adds, how long a dialect takes, what this
// machine can do. Two link the readers, which no executable that ships may do beside a service.
if Context.environment["INGEST_BENCH"] != nil {
  package.targets += [
    .executableTarget(
      name: "isolation-bench",
      dependencies: [
        "FileDescriptors", "IngestPipeline", "IngestTables", "Inspection", "Readers", "Sandbox", "UploadVerification",
        "Validation", "WorkerProtocol", log,
      ],
      path: "bench/Isolation", swiftSettings: settings),
    .executableTarget(
      name: "dialect-bench", dependencies: ["CKernel", "FileDescriptors", "Readers", "Validation", "WorkerProtocol"],
      path: "bench/Dialect", swiftSettings: settings, linkerSettings: staticLinkerSettings),
    .target(name: "CLimits", path: "bench/Limits/CLimits"),
    .executableTarget(
      name: "limits-bench",
      dependencies: ["CLimits", "FileDescriptors", "Hashing"],
      path: "bench/Limits", exclude: ["CLimits"], swiftSettings: settings),
  ]
}

// `tools/fuzz` asks for the programs that libFuzzer runs, `tools/fuzz-seeds` for what writes their corpora. The programs
// do not link in an ordinary build, and nothing that they do not need is built with them, or even fetched.
if let fuzzing = Context.environment["INGEST_FUZZ"] {
  // What both sides stand on; only the worker's own targets wait for the readers.
  let needed: Set = [
    "CByteChecks", "CChecksum", "CKernel", "CSpawn", "FileDescriptors", "Fuzzing", "HTTPParsing", "IngestTables",
    "IngestTesting", "Sandbox", "ServiceFuzzTargets", "UploadVerification", "Validation", "WorkerChannel",
    "WorkerProtocol",
  ]
  let readers: Set = [
    "CArchive", "CBzip2", "CGunzip", "CICU", "CJSON", "CLz4", "CLzma", "CScan", "CTranscode", "CZlib", "CZstd",
    "ReaderFuzzTargets", "ReaderFuzzing", "Readers",
  ]
  // libFuzzer brings the entry point.
  func program(_ name: String, _ source: String, of targets: String) -> Target {
    .executableTarget(
      name: name, dependencies: ["Fuzzing", .init(stringLiteral: targets)], path: "Fuzz/EntryPoints",
      sources: ["\(source).swift"], swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
  }
  let programs = [
    ("fuzz-headers", "Headers"), ("fuzz-multipart", "Multipart"), ("fuzz-stored-table", "StoredTable"),
    ("fuzz-worker-conversation", "WorkerConversation"), ("fuzz-worker-messages", "WorkerMessages"),
    ("fuzz-worker-output", "WorkerOutput"),
  ].map { program($0, $1, of: "ServiceFuzzTargets") }
  let readerPrograms = [
    ("fuzz-7z", "SevenZip"), ("fuzz-compressed", "Compressed"), ("fuzz-csv-dialect", "CSVDialect"),
    ("fuzz-csv-reader", "CSVReader"), ("fuzz-json-reader", "JSONReader"), ("fuzz-tar", "Tar"), ("fuzz-zip", "Zip"),
  ].map { program($0, $1, of: "ReaderFuzzTargets") }
  let seeds = Target.executableTarget(
    name: "fuzz-seeds",
    dependencies: ["Fuzzing", "IngestTables", "IngestTesting", "Validation", "WorkerProtocol"], path: "Fuzz/Seeds",
    swiftSettings: settings)
  package.products = []
  package.dependencies = []
  package.targets = package.targets.filter { needed.union(readers).contains($0.name) }
  package.targets += fuzzing == "seeds" ? [seeds] : programs + readerPrograms
}
