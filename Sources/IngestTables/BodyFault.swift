// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

/// What is wrong with a body that a worker wrote.
///
/// Any of these means that the worker lied.
package enum BodyFault: Error, Equatable {
  case wrongLength(expected: Int, actual: UInt64)
  case truncated(offset: Int)
  case paddingNotZero(offset: Int)
  case bitsBeyondRows(offset: Int)
  case nullNotZero(offset: Int)
  case dateOutOfRange(offset: Int)
  case timestampOutOfRange(offset: Int)
  case timeOutOfRange(offset: Int)
  case decimalOutOfRange(offset: Int)
  case offsetsNotMonotone(offset: Int)
  case offsetsNotFromZero(offset: Int)
  case offsetsNotToEnd(offset: Int)
  case invalidUTF8(offset: Int)
  case characterCut(offset: Int)
  case nullCountExceedsRows
  case unreadable(SystemCallError)
}
