// SPDX-License-Identifier: Apache-2.0

import CICU
import WorkerProtocol

/// ICU has no converter of this name, or it failed in itself: a fault of this machine.
struct ConverterFailure: Error {}

/// One of ICU's converters to Unicode.
///
/// Opened when it is needed, which takes 0.2 ms the first time, and reads no file: the tables are in the library. One
/// owner, one call at a time.
@safe final class Converter {
  private let handle: OpaquePointer

  /// What became of some bytes.
  struct Answer {
    /// The bytes of the characters that were converted.
    var consumed: Int
    /// The units of UTF-16 that they became.
    var units: Int
    /// The bytes behind them that stand for nothing; 0 where the bytes end, or within a character.
    var malformed: Int
  }

  /// - Throws: `ConverterFailure`.
  init(_ encoding: TextEncoding) throws(ConverterFailure) {
    guard let name = encoding.converterName, let opened = unsafe ingest_converter_open(name) else {
      throw ConverterFailure()
    }
    unsafe handle = opened
  }

  deinit {
    // SAFETY: the handle is ours alone and is not used again.
    unsafe ingest_converter_close(handle)
  }

  /// Converts whole characters from the start of `bytes`.
  ///
  /// - Parameters:
  ///   - isLast: whether a character that is cut off stands for nothing.
  ///   - units: gets the characters, and is as long as they need at least.
  ///   - offsets: gets for each unit where its character starts; not asked for where it is empty.
  func convert(
    _ bytes: Span<UInt8>, isLast: Bool, into units: inout [UInt16], offsets: inout [Int32]
  ) throws(ConverterFailure) -> Answer {
    // Nothing becomes more than two units a byte.
    let room = 2 * bytes.count + 16
    if units.count < room { units = [UInt16](repeating: 0, count: room) }
    let converted = unsafe bytes.withUnsafeBufferPointer { bytes -> ingest_converted in
      unsafe units.withUnsafeMutableBufferPointer { units -> ingest_converted in
        unsafe offsets.withUnsafeMutableBufferPointer { offsets -> ingest_converted in
          guard let base = bytes.baseAddress, let target = units.baseAddress else { return ingest_converted() }
          let places = unsafe offsets.count >= room ? offsets.baseAddress : nil
          // SAFETY: ICU reads the bytes and writes at most `room` units, and as many offsets where they have the room.
          return unsafe ingest_converter_decode(handle, base, bytes.count, isLast ? 1 : 0, target, room, places)
        }
      }
    }
    guard converted.has_failed == 0 else { throw ConverterFailure() }
    return Answer(consumed: converted.consumed, units: converted.units, malformed: converted.malformed)
  }

  /// What one byte stands for, alone.
  func character(_ byte: UInt8) throws(ConverterFailure) -> Unicode.Scalar? {
    var units: [UInt16] = []
    var offsets: [Int32] = []
    let answer = try convert([byte].span, isLast: true, into: &units, offsets: &offsets)
    return answer.malformed == 0 && answer.units == 1 ? Unicode.Scalar(units[0]) : nil
  }
}

extension TextEncoding {
  /// ICU's name for the table; nil where it has none, or is not asked.
  ///
  /// The names are those of the tables, since `Shift_JIS` and the like mean different ones to different people.
  fileprivate var converterName: String? {
    switch self {
    case .windows874: "windows-874-2000"
    case .windows1250: "ibm-5346_P100-1998"
    case .windows1251: "ibm-5347_P100-1998"
    case .windows1253: "ibm-5349_P100-1998"
    case .windows1254: "ibm-5350_P100-1998"
    case .windows1255: "ibm-9447_P100-2002"
    case .windows1256: "ibm-9448_X100-2005"
    case .windows1257: "ibm-9449_P100-2002"
    case .windows1258: "ibm-5354_P100-1998"
    case .koi8R: "ibm-878_P100-1996"
    case .koi8U: "ibm-1168_P100-2002"
    case .macRoman: "macos-0_2-10.2"
    case .macCentralEurope: "macos-29-10.2"
    case .macCyrillic: "macos-7_3-10.2"
    case .macGreek: "macos-6_2-10.4"
    case .macTurkish: "macos-35-10.2"
    case .shiftJIS: "ibm-943_P15A-2003"
    case .eucJP: "euc-jp-2007"
    case .gb18030: "gb18030"
    case .gbk: "windows-936-2000"
    case .big5: "windows-950-2000"
    case .big5HKSCS: "ibm-1375_P100-2008"
    case .eucKR: "windows-949-2000"
    case .utf8, .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian, .utf32BigEndian, .windows1252:
      nil
    // `ISO-8859-2` and `ibm437` have one meaning each.
    default: rawValue
    }
  }
}
