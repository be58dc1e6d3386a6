// SPDX-License-Identifier: Apache-2.0

package import Validation
package import WorkerProtocol

extension UploadReader {
  /// One upload as it is to be read, its name and claims checked.
  package struct Request: Sendable {
    package var name: UploadName?
    package var claims: UploadClaims
    package var options: ReadOptions
    /// Formats whose reading of these very bytes and options is known already.
    package var knownFormats: Set<Format> = []
    /// Formats of which the same turns out while the worker reads.
    var settled: SettledFormats?

    /// Checks what a client or the command line says about a file.
    ///
    /// - Returns: the request, or a rejection for a name or type that cannot be.
    package static func check(
      fileName untrustedName: [UInt8]?, declaredType untrustedType: String?, format: Format?,
      options: ReadOptions = ReadOptions(), limits: Limits
    ) -> Result<Request, Rejection> {
      var name: UploadName?
      if let untrustedName {
        switch UploadName.check(untrustedName, limits: limits) {
        case .failure(let rejection): return .failure(rejection)
        case .success(let checked): name = checked
        }
      }
      var claims = UploadClaims(extension: name?.extension, forcedFormat: format)
      if let untrustedType {
        guard let type = MediaType(untrustedType) else { return .failure(Rejection(.declaredTypeRefused)) }
        claims.declaredType = type
      }
      // A name without an extension claims nothing, so something else must.
      if let name, name.extension == nil, format == nil, claims.declaredType.flatMap(Family.init) == nil {
        return .failure(Rejection(.extensionRefused))
      }
      return .success(Request(name: name, claims: claims, options: options))
    }
  }
}
