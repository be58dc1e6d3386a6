// SPDX-License-Identifier: Apache-2.0

import HTTPParsing

extension MultipartFault {
  /// The answer to the request.
  var problem: RequestProblem { RequestProblem(isLimit ? .multipartTooLarge : .multipartMalformed, reason) }
}
