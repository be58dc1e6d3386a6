// SPDX-License-Identifier: Apache-2.0

extension Limits {
  /// One limit as it is shown and documented.
  public struct Entry: Sendable {
    /// The stable name: `upload-bytes`.
    public let name: String
    /// The number, in the unit that the name ends in.
    public let value: UInt64
    /// The value for people: `1 GiB`.
    public let text: String

    fileprivate init(_ name: String, _ bytes: ByteCount) {
      self.name = name
      value = bytes.bytes
      text = bytes.description
    }

    fileprivate init(_ name: String, _ count: some BinaryInteger, _ unit: String = "") {
      self.name = name
      value = UInt64(clamping: count)
      text = unit.isEmpty ? "\(count)" : "\(count) \(unit)"
    }
  }

  /// Every limit, in the order of the documentation.
  public var entries: [Entry] {
    [
      Entry("upload-bytes", uploadBytes), Entry("memory-spool-bytes", memorySpoolBytes),
      Entry("memory-spool-budget-bytes", memorySpoolBudget), Entry("file-name-bytes", fileNameBytes),
      Entry("expanded-bytes", expandedBytes), Entry("compression-ratio", compressionRatio),
      Entry("compression-ratio-floor-bytes", ratioFloor), Entry("archive-entries", archiveEntries),
      Entry("columns", columns), Entry("rows", rows), Entry("record-bytes", recordBytes),
      Entry("cell-bytes", cellBytes), Entry("header-name-bytes", headerNameBytes),
      Entry("json-depth", jsonDepth),
      Entry("output-base-bytes", outputBase), Entry("output-factor", outputFactor),
      Entry("worker-seconds", workerSeconds), Entry("worker-bytes-per-second", bytesPerSecond),
      Entry("worker-memory-base-bytes", workerMemoryBase), Entry("worker-memory-factor", workerMemoryFactor),
      Entry("concurrent-workers", concurrentWorkers, concurrentWorkers == 0 ? "(cores)" : ""),
      Entry("worker-memory-share-percent", workerMemoryShare), Entry("waiting-uploads", waitingUploads),
      Entry("crashes-per-hour", crashesPerHour, crashesPerHour == 0 ? "(off)" : ""),
      Entry("store-bytes", storeBytes.bytes, storeBytes.bytes == 0 ? "(off)" : "bytes"),
      Entry("originals-bytes", originalsBytes), Entry("originals-seconds", originalsSeconds),
      Entry("multipart-boundary-bytes", multipartBoundaryBytes),
      Entry("multipart-parts", multipartParts), Entry("multipart-header-bytes", multipartHeaderBytes),
      Entry("multipart-header-lines", multipartHeaderLines), Entry("multipart-margin-bytes", multipartMarginBytes),
      Entry("form-field-bytes", formFieldBytes),
    ]
  }
}
