"""Chip files in YAML that explode, contradict themselves or ask for the impossible."""

from .case import Case, cut

FAMILY = "chip"
FILE = "chip.yaml"
ARGUMENTS = ("chips", FILE)
HUGE = 1 << 62

GOOD = """\
id: hostile
name: Hostile mesh
kind: virtual
mesh: {width: 4, height: 4}
resources:
  - name: neurons
    scope: core
    capacity: 1024
    demand: neurons
    source: written for a test
neurons:
  payloads: [[0, 1]]
  weight_bits: [2, 8]
  leak: false
  source: written for a test
costs:
  E_route: {value: 1.5, source: written for a test}
"""


def changed(old, new):
    if old not in GOOD:
        raise ValueError(f"{old!r} is not in the file")
    return GOOD.replace(old, new, 1)


def demand(text):
    return changed("demand: neurons", f'demand: "{text}"')


def texts():
    yield "good", "the file that the others are made from is read", GOOD
    yield "alias-bomb", "nine levels of anchors, ten aliases each: 10^9 values", (
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
            for before, name in zip("abcdefgh", "bcdefghi")) + GOOD)
    yield "anchor", "an anchor", changed("hostile", "&name hostile")
    yield "alias-to-itself", "a list that contains itself", changed(
        "payloads: [[0, 1]]", "payloads: &a [*a]")
    yield "merge-key", "keys taken over from elsewhere", changed(
        "mesh: {width: 4, height: 4}", "mesh: {<<: {width: 4, height: 4}}")
    yield "tag-python", "a tag that another reader would run", changed(
        "name: Hostile mesh", "name: !!python/object/apply:os.system [id]")
    yield "tag-integer", "a tag on a number", changed("width: 4", "width: !!int 4")
    yield "depth-lists", "10,000 lists within each other", changed(
        "[[0, 1]]", "[" * 10_000 + "]" * 10_000)
    yield "depth-blocks", "2,000 mappings within each other", GOOD + "".join(
        " " * index + "a:\n" for index in range(2000))
    yield "depth-dashes", "1,000 lists on one line", GOOD + "note: \n  " + "- " * 1000 + "x\n"
    yield "large", "half a megabyte of comments", GOOD + "# comment\n" * 52_000
    yield "long-word", "a word of 100,000 characters", changed("hostile", "h" * 100_000)
    yield "two-documents", "two documents in one file", GOOD + "---\n" + GOOD
    yield "not-yaml", "no YAML", "id: [unclosed\n"
    yield "tab", "a tab in the place of blanks", changed("  - name", "\t- name")
    yield "empty", "no text", ""
    yield "only-comment", "a comment alone", "# nothing\n"
    yield "list", "a list in the place of a chip", "- id: hostile\n"
    yield "scalar", "a word in the place of a chip", "hostile\n"
    yield "byte-order-mark", "a byte-order mark before the file", "\ufeff" + GOOD
    yield "zero", "a zero byte", changed("Hostile", "Host\0ile")
    yield "control", "a name that clears the terminal", changed("Hostile mesh", '"\\e[2J"')
    yield "control-raw", "a character of the terminal as it is", changed("Hostile", "\x1b[2J")
    yield "right-to-left", "a character that turns the text around", changed(
        "Hostile", "\u202eelitsoH")
    yield "workflow-command", "a line that a CI system would obey", GOOD + (
        "note: |\n  x\n::error::hostile\n")
    yield "new-line-in-id", "an identifier of two lines", changed(
        "id: hostile", 'id: "hostile\\n::error::x"')


def keys():
    yield "duplicate-key", "two identifiers", GOOD + "id: other\n"
    yield "duplicate-in-mesh", "two widths", changed("{width: 4", "{width: 4, width: 5")
    yield "duplicate-in-resource", "two capacities", changed(
        "    capacity: 1024\n", "    capacity: 1024\n    capacity: 1\n")
    yield "duplicate-resource", "two resources of one name", changed(
        "neurons:\n  payloads", "  - {name: neurons, scope: core, capacity: 1, demand: neurons, "
        "source: x}\nneurons:\n  payloads")
    yield "unknown-key", "a key that chip files do not have", GOOD + "colour: blue\n"
    yield "unknown-in-mesh", "a mesh of three axes", changed("height: 4", "height: 4, depth: 4")
    yield "unknown-in-resource", "a key that resources do not have", changed(
        "    scope: core", "    shared: true\n    scope: core")
    yield "unknown-cost", "a cost that is not known", changed("E_route", "E_magic")
    yield "key-is-list", "a key that is a list", GOOD + "? [a, b]\n: c\n"
    yield "key-is-mapping", "a key that is a mapping", GOOD + "? {a: b}\n: c\n"
    yield "key-long", "a key of 2,000 characters", GOOD + "k" * 2000 + ": 1\n"
    for key in ("id", "name", "kind", "mesh", "resources"):
        lines = GOOD.splitlines(keepends=True)
        start = next(index for index, line in enumerate(lines) if line.startswith(key + ":"))
        end = start + 1
        while end < len(lines) and lines[end].startswith(" "):
            end += 1
        yield f"missing-{key}", f"a chip without {key}", "".join(lines[:start] + lines[end:])
    yield "missing-source", "a number without its source", changed(
        "    source: written for a test\n", "")


def values():
    for name, reason, old, new in (
        ("id-empty", "no identifier", "id: hostile", 'id: ""'),
        ("id-path", "an identifier that leaves the folder", "id: hostile", "id: ../hostile"),
        ("id-built-in", "the identifier of a built-in chip", "id: hostile", "id: generic-mesh"),
        ("id-list", "an identifier that is a list", "id: hostile", "id: [hostile]"),
        ("kind-unknown", "a kind that does not exist", "kind: virtual", "kind: imaginary"),
        ("mesh-scalar", "a mesh that is a number", "{width: 4, height: 4}", "16"),
        ("mesh-zero", "a mesh of no columns", "width: 4", "width: 0"),
        ("mesh-negative", "a mesh of -4 columns", "width: 4", "width: -4"),
        ("mesh-fraction", "a mesh of half a column", "width: 4", "width: 0.5"),
        ("mesh-huge", "a mesh of 2^62 columns", "width: 4", f"width: {HUGE}"),
        ("mesh-2-64", "a mesh of 2^64 columns", "width: 4", f"width: {1 << 64}"),
        ("mesh-large", "a mesh of 4,097 columns", "width: 4", "width: 4097"),
        ("mesh-text", "a mesh of a word of columns", "width: 4", "width: wide"),
        ("resources-scalar", "resources that are a word", "resources:\n  -", "resources: none\nx:\n  -"),
        ("resources-null", "resources without a value", "resources:\n  -", "resources:\nx:\n  -"),
        ("scope-unknown", "a scope that does not exist", "scope: core", "scope: board"),
        ("capacity-negative", "a capacity of -1", "capacity: 1024", "capacity: -1"),
        ("capacity-2-64", "a capacity of 2^64", "capacity: 1024", f"capacity: {1 << 64}"),
        ("capacity-huge", "a capacity of 2^62", "capacity: 1024", f"capacity: {HUGE}"),
        ("capacity-exponent", "a capacity with an exponent", "capacity: 1024", "capacity: 1e3"),
        ("capacity-hexadecimal", "a capacity in another base", "capacity: 1024", "capacity: 0x400"),
        ("payloads-flat", "payloads that are no ranges", "[[0, 1]]", "[0, 1]"),
        ("payloads-three", "a range of three ends", "[[0, 1]]", "[[0, 1, 2]]"),
        ("payloads-reversed", "a range from 1 to 0", "[[0, 1]]", "[[1, 0]]"),
        ("payloads-2-64", "a range to 2^64", "[[0, 1]]", f"[[0, {1 << 64}]]"),
        ("widths-zero", "weights of no bits", "weight_bits: [2, 8]", "weight_bits: [0, 0]"),
        ("widths-negative", "weights of -8 bits", "weight_bits: [2, 8]", "weight_bits: [-8, -2]"),
        ("widths-text", "weights of a word of bits", "weight_bits: [2, 8]", "weight_bits: [a, b]"),
        ("leak-word", "a leak that is neither true nor false", "leak: false", "leak: maybe"),
        ("leak-yes", "a truth value of YAML 1.1", "leak: false", "leak: yes"),
        ("reset-unknown", "a reset that does not exist", "leak: false", "resets: [explode]"),
        ("schedule-unknown", "a schedule that does not exist", "leak: false", "schedules: [later]"),
        ("cost-negative", "a cost below zero", "value: 1.5", "value: -1.5"),
        ("cost-nan", "a cost that is not a number", "value: 1.5", "value: nan"),
        ("cost-infinite", "a cost without end", "value: 1.5", "value: inf"),
        ("cost-yaml-infinite", "a cost without end as YAML writes it", "value: 1.5", "value: .inf"),
        ("cost-1e400", "a cost beyond every float", "value: 1.5", "value: 1e400"),
        ("cost-huge", "a cost of 10^300", "value: 1.5", "value: 1e300"),
        ("source-list", "a source that is a list", "costs:\n  E_route: {value: 1.5, source: written",
         "costs:\n  E_route: {value: 1.5, source: [written]"),
    ):
        yield name, reason, changed(old, new).replace("[written] for a test}", "[written]}")


def kinds():
    cores = ("cores:\n"
             "  - {name: a, count: 8, capacities: {neurons: 4}, source: x}\n"
             "  - {name: b, count: 8, accepts: [dense], source: x}\n")
    yield "kinds-good", "two kinds of cores", GOOD + cores
    for name, reason, old, new in (
        ("kinds-count", "more cores than the mesh has", "count: 8", "count: 9"),
        ("kinds-overflow", "2^62 cores of a kind", "count: 8", f"count: {HUGE}"),
        ("kinds-negative", "-8 cores of a kind", "count: 8", "count: -8"),
        ("kinds-twice", "two kinds of one name", "name: b", "name: a"),
        ("kinds-resource", "a capacity of no resource", "{neurons: 4}", "{axons: 4}"),
        ("kinds-accepts", "a layer that does not exist", "[dense]", "[recurrent]"),
        ("kinds-key", "a key that kinds do not have", "accepts", "exists"),
    ):
        yield name, reason, GOOD + cores.replace(old, new, 1)
    limit = "limits:\n  - {name: a, scope: layer, value: kx, range: [1, 3], source: x}\n"
    yield "limit-good", "a limit", GOOD + limit
    for name, reason, old, new in (
        ("limit-both", "a range and values", "range: [1, 3]", "range: [1, 3], values: [1]"),
        ("limit-neither", "neither range nor values", "range: [1, 3], ", ""),
        ("limit-scope", "a value of another scope", "value: kx", "value: in_axons"),
        ("limit-reversed", "a range from 3 to 1", "[1, 3]", "[3, 1]"),
        ("limit-values", "values that are no numbers", "range: [1, 3]", "values: [a]"),
        ("limit-many", "a list of 100 values", "range: [1, 3]", f"values: {list(range(100))}"),
    ):
        yield name, reason, GOOD + limit.replace(old, new, 1)
    yield "limits-many", "300 limits", GOOD + "limits:\n" + limit.split("\n")[1].join(
        [""] + ["\n"] * 300)
    yield "capacity-unpublished", "a number that nobody published", changed(
        "capacity: 1024", "capacity: unpublished")
    yield "capacity-missing", "no capacity and no word about it", changed(
        "    capacity: 1024\n", "")


def demands():
    yield "demand-empty", "an empty expression", demand("")
    yield "demand-long", "an expression of 1,025 characters", demand("1" * 1025)
    yield "demand-brackets", "1,000 brackets within each other", demand("(" * 500 + "1" + ")" * 500)
    yield "demand-levels", "40 brackets within each other", demand("(" * 40 + "1" + ")" * 40)
    yield "demand-calls", "40 calls within each other", demand("ceil(" * 40 + "1" + ")" * 40)
    yield "demand-chain", "a sum of 500 terms", demand("+".join(["1"] * 500))
    yield "demand-products", "a product of 300 factors", demand("*".join(["9"] * 300))
    yield "demand-powers", "powers of two of powers of two", demand(
        "pow2ceil(" * 20 + "neurons" + ")" * 20)
    yield "demand-overflow", "a number of 300 digits", demand("9" * 300)
    yield "demand-infinite", "a number of 400 digits", demand("9" * 400)
    yield "demand-open", "a bracket that does not close", demand("(neurons")
    yield "demand-close", "a bracket that nothing opens", demand("neurons)")
    yield "demand-two-operators", "two operators in a row", demand("neurons + * 2")
    yield "demand-no-operator", "two variables in a row", demand("neurons synapses")
    yield "demand-variable", "a variable that does not exist", demand("__import__")
    yield "demand-function", "a function that does not exist", demand("system(1)")
    yield "demand-arguments", "a function of too many arguments", demand("ceil(1, 2)")
    yield "demand-no-arguments", "a function of no arguments", demand("min()")
    yield "demand-many-arguments", "a function of 500 arguments", demand(
        "min(" + ",".join(["1"] * 500) + ")")
    yield "demand-hexadecimal", "a number in another base", demand("0x10")
    yield "demand-nan", "a number that is none", demand("nan")
    yield "demand-not-ascii", "an operator of another alphabet", demand("neurons × 2")
    for name, reason, text in (
        ("demand-sum-nested", "a sum within a sum", "sum(axons, sum(axons, 1))"),
        ("demand-sum-open", "a sum that does not close", "sum(axons, 1"),
        ("demand-sum-nothing", "a sum of nothing", "sum(axons)"),
        ("demand-sum-scope", "a sum over the list of another scope", "sum(connections, c)"),
        ("demand-set", "different values of what is no set", "distinct(neurons)"),
        ("demand-set-open", "a set that does not close", "distinct(thresholds"),
        ("demand-scope", "a variable of another scope", "kx"),
        ("demand-axon", "synapses of an axon outside a sum", "axon_synapses"),
    ):
        yield name, reason, demand(text)
    yield "demand-list", "a list in the place of an expression", changed(
        "demand: neurons", "demand: [neurons]")


def cases():
    table = [*texts(), *keys(), *values(), *kinds(), *demands()]
    found = [Case(f"{FAMILY}/{name}", reason, {FILE: text.encode()}, ARGUMENTS)
             for name, reason, text in table]
    found.append(Case(f"{FAMILY}/not-utf-8", "a file that is no UTF-8",
                      {FILE: changed("Hostile", "Host@ile").encode().replace(b"@", b"\xff")},
                      ARGUMENTS))
    return found + cut(GOOD.encode(), FAMILY, FILE, 8, ARGUMENTS)
