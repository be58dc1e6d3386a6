// SPDX-License-Identifier: Apache-2.0

/// Every cap of the program, with its default and the reason for it.
///
/// Shown by `ingest limits`.
///
/// Counts are inclusive: a file of exactly `uploadBytes` bytes passes, one byte more is refused.
public struct Limits: Sendable, Equatable {
  // MARK: Intake

  /// The bytes of one upload as they arrive: what a person waits for on an ordinary line.
  public var uploadBytes = ByteCount.gibibytes(1)
  /// An upload up to this size is spooled in memory: most are small, and memory needs no clean-up.
  public var memorySpoolBytes = ByteCount.mebibytes(16)
  /// All in-memory spools together; beyond it uploads are spooled on disk.
  public var memorySpoolBudget = ByteCount.mebibytes(256)
  /// The client's file name, in bytes of UTF-8: what file systems allow.
  public var fileNameBytes = 255

  // MARK: Containers

  /// All bytes that one upload expands to.
  public var expandedBytes = ByteCount.gibibytes(8)
  /// Expanded over compressed size; applies once more than `ratioFloor` has been expanded.
  public var compressionRatio: UInt64 = 200
  /// Below this expanded size any ratio passes, so that honest repetitive files do.
  public var ratioFloor = ByteCount.mebibytes(10)
  /// The entries of one archive, folders included.
  public var archiveEntries = 1_000

  // MARK: Tables

  /// The columns of one table: as many as a spreadsheet has.
  public var columns = 16_384
  /// The rows of one table.
  public var rows: UInt64 = 1_000_000_000
  /// One record as it lies in the file, quotes and delimiters included.
  public var recordBytes = ByteCount.mebibytes(16)
  /// One cell as it lies in the file.
  public var cellBytes = ByteCount.mebibytes(8)
  /// One column's name, in bytes of UTF-8.
  public var headerNameBytes = 1_024
  /// How deep the values of a JSON text lie in one another; at most 1,024, of which a reader keeps a bit each.
  public var jsonDepth = 64
  /// All tables of one upload as written, beside `outputFactor` times the input.
  public var outputBase = ByteCount.mebibytes(256)
  /// What each byte of (expanded) input may become in the output.
  public var outputFactor: UInt64 = 10

  // MARK: Workers

  /// The wall time of one worker, beside one second for each `bytesPerSecond` of input.
  public var workerSeconds: UInt64 = 120
  /// The slowest reading that is still believed to be progress.
  public var bytesPerSecond = ByteCount.mebibytes(10)
  /// The address space of one worker, beside `workerMemoryFactor` times the input.
  public var workerMemoryBase = ByteCount.gibibytes(2)
  /// How often the input may be mapped or copied.
  public var workerMemoryFactor: UInt64 = 3
  /// Workers at the same time; 0 stands for the number of cores.
  public var concurrentWorkers = 0
  /// What all workers together may use of the machine's memory, in percent; who would pass it waits.
  public var workerMemoryShare: UInt64 = 75
  /// Uploads that wait for a worker; one more is answered `busy`.
  public var waitingUploads = 64
  /// Uploads of one principal in an hour that may crash their workers; 0 stands for no limit.
  ///
  /// An honest sender has none, so this is for one who searches for a way out of the worker.
  public var crashesPerHour = 20

  // MARK: The store

  /// All files of tables and rejects; 0 stands for no bound.
  ///
  /// Past it, tables that are used least make room.
  public var storeBytes = ByteCount(bytes: 0)
  /// All uploads that are kept as they came; 0 stands for none.
  public var originalsBytes = ByteCount.gibibytes(10)
  /// How long they are kept at most, in seconds: a week, as deleted tables are.
  public var originalsSeconds: UInt64 = 7 * 24 * 3600

  // MARK: HTTP

  /// One multipart boundary, in bytes (RFC 2046 section 5.1.1).
  public var multipartBoundaryBytes = 70
  /// The parts of one multipart body.
  public var multipartParts = 32
  /// The header of one part, in bytes.
  public var multipartHeaderBytes = ByteCount.kibibytes(8)
  /// The header lines of one part.
  public var multipartHeaderLines = 16
  /// What may stand before the first boundary, and after the last.
  public var multipartMarginBytes = ByteCount.kibibytes(1)
  /// A form field that is no file.
  public var formFieldBytes = ByteCount.kibibytes(4)

  /// The defaults above.
  public init() {}
}

extension Limits {
  /// What the tables of an upload of `input` bytes may take on disk.
  package func outputBytes(forInput input: ByteCount) -> ByteCount { input.scaled(by: outputFactor, plus: outputBase) }

  /// The address space of a worker that reads `input` bytes.
  package func workerMemory(forInput input: ByteCount) -> ByteCount {
    input.scaled(by: workerMemoryFactor, plus: workerMemoryBase)
  }

  /// The wall time in which a worker must have read `input` bytes.
  package func workerWallTime(forInput input: ByteCount) -> Duration {
    let reading = input.bytes / Swift.max(1, bytesPerSecond.bytes)
    return .seconds(Int64(clamping: workerSeconds)) + .seconds(Int64(clamping: Swift.min(reading, 1 << 32)))
  }
}
