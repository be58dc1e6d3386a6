// SPDX-License-Identifier: Apache-2.0

import CKernel
import Foundation
import Testing

@Suite("System calls of CKernel")
struct SystemCallTests {
  @Test("A message carries descriptors, which are close-on-exec", arguments: 0...4)
  func descriptorsTravel(count: Int32) throws {
    let channel = try Channel()
    let sent = channel.send([1, 2, 3], descriptors: Array(repeating: STDERR_FILENO, count: Int(count)))
    #expect(sent == 3)
    let message = channel.receive(room: 16)
    #expect(message.length == 3)
    #expect(message.descriptors.count == Int(count))
    for descriptor in message.descriptors {
      #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
      close(descriptor)
    }
  }

  @Test("An empty message and a fifth descriptor are refused")
  func refusedMessages() throws {
    let channel = try Channel()
    #expect(channel.send([], descriptors: []) == -Int(EINVAL))
    #expect(channel.send([1], descriptors: Array(repeating: STDERR_FILENO, count: 5)) == -Int(EINVAL))
  }

  @Test("A message that does not fit is an error, and leaves no descriptor open")
  func truncatedMessage() throws {
    let channel = try Channel()
    let marker = try memory("marker")
    _ = channel.send([1, 2, 3], descriptors: [marker, marker])
    close(marker)
    let message = channel.receive(room: 2)
    #expect(message.length == -Int(EMSGSIZE))
    #expect(message.descriptors == [])
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let targets = open.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
    #expect(!targets.contains { $0.contains("memfd:marker") })
  }

  @Test("A closed peer is the end, and a send to it EPIPE without SIGPIPE")
  func closedPeer() throws {
    let channel = try Channel()
    channel.closeSender()
    #expect(channel.receive(room: 4).length == 0)
    let other = try Channel()
    other.closeReceiver()
    #expect(other.send([1], descriptors: []) == -Int(EPIPE))
  }

  @Test("A sealed memory file can be read again, and no more written")
  func sealedMemory() throws {
    let file = try memory("sealed")
    defer { close(file) }
    // SAFETY: here and below, the text is at least as long as the count, and lives for the call.
    #expect(unsafe write(file, "abc", 3) == 3)
    #expect(ingest_add_seals(file) == 0)
    #expect(ingest_file_size(file) == 3)
    #expect(unsafe write(file, "d", 1) == -1)
    let again = ingest_open_read_only_again(file)
    defer { close(again) }
    #expect(ingest_status_flags(again) & O_ACCMODE == O_RDONLY)
    let writable = ingest_open_read_write_again(file)
    defer { close(writable) }
    #expect(unsafe write(writable, "d", 1) == -1)
  }

  @Test("A file without a name is linked, and leased only once nobody can write")
  func namelessFile() throws {
    let folder = try Folder()
    let file = ingest_open_tmpfile(folder.descriptor, 0o600)
    #expect(file >= 0)
    let reader = ingest_open_read_only_again(file)
    defer { close(reader) }
    #expect(ingest_read_lease(reader) == -EAGAIN)
    close(file)
    #expect(ingest_read_lease(reader) == 0)
    #expect(ingest_has_read_lease(reader) == 1)
    #expect(ingest_release_lease(reader) == 0)
    #expect(ingest_has_read_lease(reader) == 0)
    // SAFETY: the names are null-terminated constants.
    #expect(unsafe ingest_link_descriptor(reader, folder.descriptor, "name") == 0)
    #expect(unsafe ingest_link_descriptor(reader, folder.descriptor, "name") == -EEXIST)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/name"))
  }

  @Test(
    "Opening beneath a folder neither leaves it nor follows links",
    arguments: [("../etc/passwd", EXDEV), ("/etc/passwd", EXDEV), ("link", ELOOP), ("missing", ENOENT)])
  func beneath(path: String, error: Int32) throws {
    let folder = try Folder()
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "/etc/passwd")
    // SAFETY: the path is a null-terminated copy that lives for the call.
    #expect(unsafe ingest_open_beneath(folder.descriptor, path, O_RDONLY, 0) == -error)
  }

  @Test("A process descriptor can be probed")
  func processDescriptor() {
    let own = ingest_pidfd_open(getpid())
    defer { close(own) }
    #expect(ingest_pidfd_send_signal(own, 0) == 0)
    #expect(ingest_pidfd_open(-1) == -EINVAL)
  }
}

private func memory(_ name: String) throws -> Int32 {
  // SAFETY: the name is a null-terminated copy that lives for the call.
  let descriptor = unsafe ingest_memfd(name)
  try #require(descriptor >= 0)
  return descriptor
}

/// Both ends of a `SOCK_SEQPACKET`.
private final class Channel {
  private var ends: [Int32] = [-1, -1]

  init() throws {
    // SAFETY: the array has room for the two numbers that are written.
    try #require(unsafe ingest_socketpair_seqpacket(&ends) == 0)
  }

  deinit { for end in ends where end >= 0 { close(end) } }

  func closeSender() { close(ends[0]); ends[0] = -1 }

  func closeReceiver() { close(ends[1]); ends[1] = -1 }

  func send(_ bytes: [UInt8], descriptors: [Int32]) -> Int {
    // SAFETY: both arrays live for the call, with the counts that it is told.
    unsafe ingest_send_with_descriptors(ends[0], bytes, bytes.count, descriptors, Int32(descriptors.count))
  }

  func receive(room: Int) -> (length: Int, descriptors: [Int32]) {
    var bytes = [UInt8](repeating: 0, count: room)
    var descriptors = [Int32](repeating: -1, count: Int(INGEST_DESCRIPTORS_PER_MESSAGE))
    var count: Int32 = 0
    // SAFETY: both arrays live for the call, with the room that it is told.
    let length = unsafe ingest_receive_with_descriptors(ends[1], &bytes, room, &descriptors, &count)
    return (length, Array(descriptors.prefix(Int(count))))
  }
}

/// An open folder, removed with this value.
private final class Folder {
  let path: String
  let descriptor: Int32

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "system-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    // SAFETY: the path is a null-terminated copy that lives for the call.
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  deinit {
    close(descriptor)
    try? FileManager.default.removeItem(atPath: path)
  }
}
