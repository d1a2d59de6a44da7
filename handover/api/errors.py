"""The one place where errors become HTTP answers: a code, a status and a sentence."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from handover.api.frames import ErrorFrame
from handover.core.errors import HandoverError

log = structlog.get_logger(__name__)


def add_error_handlers(app: FastAPI) -> None:
    """Render every error of the app as an error frame; none repeats what was sent."""

    @app.exception_handler(HandoverError)
    async def refused(request: Request, error: HandoverError) -> JSONResponse:
        return render_error(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return render_error(HandoverError("bad_request"))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = "not_found" if error.status_code in (404, 405) else "bad_request"
        return render_error(HandoverError(code), error.status_code)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", path=request.url.path, exc_info=error)
        return render_error(HandoverError("internal"))


def render_error(error: HandoverError, status: int | None = None) -> JSONResponse:
    """Return the HTTP answer that tells of an error."""
    frame = ErrorFrame(code=error.code, message=error.message, facts=None if error.facts is None else dict(error.facts))
    return JSONResponse(frame.model_dump(exclude_none=True), status_code=status or error.status)
