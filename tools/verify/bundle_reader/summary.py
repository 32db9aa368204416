"""The readable summary."""


def lines(document):
    yield f"bundle {document['version']} by {document['generator']}"
    yield f"content {document['contentID']}"
    origin = document["origin"]
    yield f"origin {origin['format']}, {origin['producer']} {origin['version']}"
    delay = f" {document['delay']}" if document["delay"] else ""
    yield f"T={document['timesteps']}, {document['schedule'].lower()}{delay}"
    yield from (f"finding {code}" for code in document["findings"])
    yield "sections"
    for section in document["sections"]:
        yield (f"  {section['name']:12} at {section['offset']:>8}: {section['stored']:>8} bytes, "
               f"raw {section['raw']:>8}")
    yield from populations(document)
    yield "connections"
    for item in document["connections"]:
        relays = f", {len(item['relays'])} relays" if item["relays"] else ""
        yield (f"  {item['source']} → {item['target']}: {size(item['shape'])} weights of "
               f"{item['weightBits']} bits, {item['nonzero']} not zero, {item['encoding']}, "
               f"{item['bytes']} bytes, checksum {item['checksum']}{relays}")
    yield from placement(document["placement"])
    decisions = " ".join(str(vector["decision"]) for vector in document["conformance"])
    yield f"{len(document['conformance'])} conformance vectors, decisions {decisions or 'none'}"


def populations(document):
    port = document["input"]
    kind = next(kind for kind in ("constant_current", "poisson", "events") if port[kind])
    yield f"input {port['name']} {size(port['shape'])}, {kind.replace('_', ' ')}"
    yield "populations"
    for item in document["populations"]:
        firing = item["firing"]
        kind = "integrator"
        if firing:
            kind = f"payloads {firing['lowest_payload']} to {firing['highest_payload']}"
        low, high = item["thresholds"]["range"]
        yield (f"  {item['name']} {size(item['shape'])}: {kind}, thresholds {low} to {high}, "
               f"ticks {item['awake'][0]} to {item['awake'][1] - 1}")


def placement(value):
    if value:
        rows, columns = value["mesh"]
        yield (f"placement on {value['chip']}, {rows}×{columns} cores: {len(value['slices'])} "
               f"slices, {len(value['routes'])} routes, {len(value['cores'])} cores in use")


def size(shape):
    return "×".join(str(extent) for extent in shape)
