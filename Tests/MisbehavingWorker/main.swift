// SPDX-License-Identifier: Apache-2.0

import Glibc
import OneShotWorker
import Readers

// `ingest-worker`, but for one thing: a file that begins with `attack:NAME` makes it misbehave as a worker could whose
// parser was taken over. It does so inside of the confinement that ships, on the descriptors that every worker has.
// Under another name it lies about the confinement instead.
if let lie = ConfinementLie(program: ConfinementLie.ownPath) { Zygote.run { _, channel in lie.tell(on: channel) } }
var tampering: Tampering?
Zygote.run(
  misdeeds: Misdeeds(
    beforeReading: { bytes in
      var text: [UInt8] = []
      bytes.append(0..<min(bytes.count, 64), to: &text)
      tampering = Tampering(in: text)
      Attack(in: text)?.run()
    },
    inPlaceOf: { packet in tampering?.packets(inPlaceOf: packet) ?? [packet] }))
