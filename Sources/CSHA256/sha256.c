// SPDX-License-Identifier: Apache-2.0
#include "sha256.h"

// The one-algorithm calls need no provider, which `EVP` would look for at the first hash of each process.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

_Static_assert(sizeof(struct ingest_sha256) == sizeof(SHA256_CTX), "OpenSSL's state has another size");
_Static_assert(_Alignof(struct ingest_sha256) == _Alignof(SHA256_CTX), "OpenSSL's state has another alignment");

// They fail for no arguments; their 1 says nothing.
void ingest_sha256_begin(struct ingest_sha256 *state) { SHA256_Init((SHA256_CTX *)state); }

void ingest_sha256_add(struct ingest_sha256 *state, const void *bytes, size_t length) {
  if (length > 0) SHA256_Update((SHA256_CTX *)state, bytes, length);
}

void ingest_sha256_end(struct ingest_sha256 *state, uint8_t *digest) { SHA256_Final(digest, (SHA256_CTX *)state); }
