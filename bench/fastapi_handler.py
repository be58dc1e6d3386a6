# SPDX-License-Identifier: Apache-2.0
"""What a usual upload handler does: the media type by libmagic, the table by pandas, in the server's own process.

Nothing is isolated, checked or stored. One process: `uvicorn fastapi_handler:app`.
"""
import io

import magic
import pandas
from fastapi import FastAPI, HTTPException, UploadFile

app = FastAPI()


@app.post("/v1/uploads", status_code=201)
async def upload(file: UploadFile):
    content = await file.read()
    if magic.from_buffer(content[:65536], mime=True) not in ("text/csv", "text/plain"):
        raise HTTPException(415)
    table = pandas.read_csv(io.BytesIO(content))
    return {"rows": len(table), "columns": [{"name": name, "type": str(kind)} for name, kind in table.dtypes.items()]}
