// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CZSTD_SHIM_H
#define INGEST_CZSTD_SHIM_H

#include <zstd.h>
#include <zstd_errors.h>

#endif
