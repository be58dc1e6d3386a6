// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CBZIP2_SHIM_H
#define INGEST_CBZIP2_SHIM_H

#include <bzlib.h>

#endif
