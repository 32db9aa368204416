"""The container: header, section table, digests, padding, compression, content identity."""

import hashlib
import struct
import zlib

from .errors import DIGEST_CODE, BundleError

MAGIC = bytes.fromhex("8953504B0D0A1A0A")
HEADER_BYTES = 128
HEADER_DIGEST_AT = 96
ENTRY_BYTES = 104
LARGEST_EXTENT = 4096
RAW_TOTAL = 64 << 30
DOCUMENT_BYTES = 16 << 20
MAPPED_BYTES = 65536
WEIGHTS = 2
CRITICAL, COMPRESSED = 1, 2
# type: (name, critical, always present)
TYPES = {
    1: ("manifest", True, True),
    2: ("weights", True, True),
    3: ("neurons", True, True),
    4: ("placement", True, False),
    5: ("recipe", False, True),
    6: ("conformance", True, True),
    7: ("report", False, True),
}
# Codec 2, and the feature that a bundle with it requires.
MODELLED, MODELLED_FEATURE = 2, 4
MODELLED_NAMES = ("weights", "neurons", "conformance")
LIMITED = ("manifest", "recipe", "report")


def refuse(code, message, offset):
    raise BundleError(code, message, offset)


def digest(data):
    return hashlib.sha256(data).digest()


class Section:
    """An entry of the table and, once it is opened, the raw bytes that it stands for."""

    def __init__(self, entry, entry_offset):
        fields = struct.unpack_from("<IIQQQII32s32s", entry)
        self.type, self.flags, self.offset, self.stored_length, self.raw_length = fields[:5]
        self.alignment, self.codec, self.stored_digest, self.raw_digest = fields[5:]
        self.entry_offset = entry_offset
        self.raw = b""
        # The stored bytes under codec 2; what they stand for takes the program.
        self.stream = None

    @property
    def name(self):
        return TYPES[self.type][0] if self.type in TYPES else f"type {self.type}"

    def fail(self, code, message, raw_offset=0):
        """Refuses at a raw byte; of compressed content the file has only the start."""
        place = f" (byte {raw_offset} of the {self.name} section)"
        within = 0 if self.codec else raw_offset
        raise BundleError(code, message, self.offset + within, place)

    def check_raw(self):
        if digest(self.raw) != self.raw_digest:
            self.fail(DIGEST_CODE, "the digest of the raw bytes does not match")

    def refuse_entry(self, message, field, code="SYN0604"):
        refuse(code, f"{self.name} section: {message}", self.entry_offset + field)


class Container:
    """A file whose header, table and sections keep the rules of part 1."""

    def __init__(self, data):
        self.data = data
        self.read_header()
        self.check_header()
        self.sections = self.read_table()
        modelled = any(section.codec == MODELLED for section in self.sections)
        if self.required != MODELLED_FEATURE * modelled:
            refuse("SYN0610", f"the required features are {self.required:#x}", 24)
        self.unknown = [section for section in self.sections if section.type not in TYPES]
        self.by_name = {section.name: section for section in self.sections}
        for number, (name, _, always) in TYPES.items():
            if always and name not in self.by_name:
                refuse("SYN0608", f"there is no {name} section (type {number})", self.table_offset)

    @property
    def newer_minor(self):
        return self.minor > 0

    def read_header(self):
        data = self.data
        if data[:8] != MAGIC:
            refuse("SYN0601", "the magic bytes are not those of a bundle", 0)
        if len(data) < HEADER_BYTES:
            refuse("SYN0602", f"the file has {len(data)} bytes, a header has 128", len(data))
        self.major, self.minor, self.header_length = struct.unpack_from("<HHI", data, 8)
        if self.major > 1:
            refuse("SYN0603", f"the major version is {self.major}", 8)
        if self.major < 1:
            refuse("SYN0604", "the major version is 0", 8)
        self.check_extent(self.header_length, HEADER_BYTES, 12, "header length")
        if self.header_length > len(data):
            refuse("SYN0602", f"the header has {self.header_length} bytes, the file fewer", 12)
        header = bytearray(data[: self.header_length])
        stored = bytes(header[HEADER_DIGEST_AT:HEADER_BYTES])
        header[HEADER_DIGEST_AT:HEADER_BYTES] = bytes(32)
        if digest(header) != stored:
            refuse(DIGEST_CODE, "the digest of the header does not match", HEADER_DIGEST_AT)

    def check_extent(self, value, least, offset, what):
        most = LARGEST_EXTENT if self.newer_minor else least
        if not least <= value <= most:
            refuse("SYN0604", f"the {what} is {value}, not {least} to {most}", offset)

    def check_header(self):
        """The fields after the digest, in the order in which the page looks at them."""
        fields = struct.unpack_from("<QQQQQII", self.data, 16)
        length, required, optional, writing, self.table_offset = fields[:5]
        self.entry_size, self.count = fields[5:]
        if length != len(self.data):
            refuse("SYN0602", f"{length} bytes are stated, the file has {len(self.data)}", 16)
        if required & ~MODELLED_FEATURE:
            refuse("SYN0603", f"the required features {required:#x} are not known", 24)
        self.required = required
        for features, at in ((optional, 32), (writing, 40)):
            if features and not self.newer_minor:
                refuse("SYN0604", f"the features {features:#x} are not in format 1.0", at)
        if self.table_offset != self.header_length:
            refuse("SYN0604", f"the table is at {self.table_offset}, not behind the header", 48)
        self.check_extent(self.entry_size, ENTRY_BYTES, 56, "entry size")
        if not 1 <= self.count <= LARGEST_EXTENT:
            refuse("SYN0604", f"the section count is {self.count}, not 1 to 4096", 60)

    def read_table(self):
        start, size = self.table_offset, self.entry_size
        end = start + size * self.count
        if end > len(self.data):
            refuse("SYN0604", f"the table ends at {end}, behind the file's end", 60)
        if digest(self.data[start:end]) != self.data[64:96]:
            refuse(DIGEST_CODE, "the digest of the table does not match", 64)
        sections = [
            Section(self.data[at : at + ENTRY_BYTES], at) for at in range(start, end, size)
        ]
        before, total = None, 0
        for section in sections:
            check_entry(section, before)
            end = self.check_place(section, end)
            total += section.raw_length
            if total > RAW_TOTAL:
                section.refuse_entry("the raw lengths add up to more than 64 GiB", 24)
            self.open(section)
            before = section
        if end != len(self.data):
            refuse("SYN0604", "bytes follow the end of the last section", end)
        return sections

    def check_place(self, section, previous_end):
        """Sections follow each other with nothing but the zeros of alignment between."""
        step = 1 << section.alignment
        expected = -(-previous_end // step) * step
        if section.offset != expected:
            section.refuse_entry(f"the offset is {section.offset}, not {expected}", 8)
        end = section.offset + section.stored_length
        if end > len(self.data):
            section.refuse_entry(f"it ends at {end}, behind the file's end", 16)
        for at in range(previous_end, section.offset):
            if self.data[at]:
                refuse("SYN0604", f"the byte before the {section.name} section is not zero", at)
        return end

    def open(self, section):
        stored = self.data[section.offset : section.offset + section.stored_length]
        if digest(stored) != section.stored_digest:
            section.fail(DIGEST_CODE, "the digest of the stored bytes does not match")
        if section.codec == MODELLED:
            section.stream = stored
            return
        section.raw = inflate(section, stored) if section.codec else stored
        section.check_raw()

    def content_id(self):
        parts = (
            struct.pack("<IQ", section.type, section.raw_length) + section.raw_digest
            for section in self.sections
        )
        return digest(b"".join(parts)).hex()


def check_entry(section, before):
    """What an entry alone and its order in the table can break."""
    if before and section.type <= before.type:
        section.refuse_entry("the types do not ascend", 0)
    if section.flags & ~(CRITICAL | COMPRESSED):
        section.refuse_entry(f"the flags {section.flags:#x} hold a bit without meaning", 4)
    critical = bool(section.flags & CRITICAL)
    if section.type not in TYPES and critical:
        section.refuse_entry("it is critical and not known", 0, "SYN0603")
    if section.type in TYPES and critical != TYPES[section.type][1]:
        section.refuse_entry("the critical flag is not that of its type", 4)
    if section.codec > MODELLED or bool(section.codec) != bool(section.flags & COMPRESSED):
        section.refuse_entry(f"the codec {section.codec} and the flags differ", 36)
    if section.codec == MODELLED and section.name not in MODELLED_NAMES:
        section.refuse_entry("codec 2 has no meaning for it", 36)
    check_alignment(section)
    check_lengths(section)


def check_alignment(section):
    mapped = section.type == WEIGHTS and not section.codec and section.stored_length >= MAPPED_BYTES
    allowed = (12,) if mapped else (6,)
    if section.type not in TYPES:
        allowed = range(6, 17)
    if section.alignment not in allowed:
        section.refuse_entry(f"the alignment is {section.alignment}, not {allowed[0]}", 32)


def check_lengths(section):
    stored, raw = section.stored_length, section.raw_length
    if section.name in LIMITED and raw > DOCUMENT_BYTES:
        section.refuse_entry(f"{raw} raw bytes are more than 16 MiB", 24)
    if section.codec and not stored < raw <= 1032 * stored + 64:
        section.refuse_entry(f"{stored} bytes cannot stand for {raw}", 24, "SYN0607")
    if not section.codec and (stored != raw or section.stored_digest != section.raw_digest):
        section.refuse_entry("it is raw, but its lengths or digests differ", 24, "SYN0607")


def inflate(section, stored):
    """One zlib stream that gives exactly the raw length; never more is held than is declared."""
    stream = zlib.decompressobj(wbits=15)
    try:
        raw = stream.decompress(stored, section.raw_length + 1)
    except zlib.error as error:
        section.fail("SYN0607", f"the compressed bytes are damaged: {error}")
    if len(raw) != section.raw_length:
        section.fail("SYN0607", f"decompression does not give {section.raw_length} bytes")
    if not stream.eof or stream.unused_data:
        section.fail("SYN0607", "the zlib stream does not end with the stored bytes")
    return raw
