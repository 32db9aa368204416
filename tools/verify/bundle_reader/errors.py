"""Why a bundle is refused."""

MALFORMED_STATUS = 3
DIGEST_STATUS = 5
DIGEST_CODE = "SYN0605"


class BundleError(Exception):
    """A broken rule of the page: its code, what is wrong, and the byte of the file."""

    def __init__(self, code, message, offset, place=""):
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.place = place

    @property
    def status(self):
        return DIGEST_STATUS if self.code == DIGEST_CODE else MALFORMED_STATUS

    def line(self):
        return f"{self.code} at byte {self.offset}{self.place}: {self.message}"
