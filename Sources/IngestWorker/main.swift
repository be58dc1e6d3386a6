// SPDX-License-Identifier: Apache-2.0

import OneShotWorker

// One argument at most: the user to become, where the service is root.
let user = CommandLine.arguments.dropFirst().first.flatMap { UInt32($0) }
WorkerSession.run(user: user)
