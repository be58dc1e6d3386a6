// SPDX-License-Identifier: Apache-2.0

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
  /// Numbers that nobody has set: whoever reads one has written it before.
  ///
  /// To fill what is then written over costs a page fault for each page, those included that are never needed.
  static func unfilled(_ count: Int) -> [Element] {
    // SAFETY: any bits are a number, and nothing is read before it is written, which the caller sees to.
    unsafe [Element](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
  }
}
