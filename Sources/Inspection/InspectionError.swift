// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

/// Why content inspection cannot start: always a fault of this machine, never of a file.
package enum InspectionError: Error, Hashable, Sendable {
  /// No database of libmagic lies at any of the system's places.
  case databaseMissing
  /// The database cannot be opened or mapped.
  case databaseUnreadable(SystemCallError)
  /// The database is cut off, of another byte order, or not of this version of libmagic.
  case databaseRefused
  /// libmagic could not allocate its state.
  case outOfMemory
}
