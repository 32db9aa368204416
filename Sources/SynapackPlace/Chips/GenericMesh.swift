/// A virtual chip: a mesh of cores of the size that published ones have, for comparisons and for
/// work without a chip.
let genericMeshText = """
  id: generic-mesh
  name: Generic mesh
  kind: virtual
  note: >-
    This chip does not exist. Its cores have about the size of those of Loihi; its costs are the
    Loihi-like constants of the placement literature, without a unit. A synapse takes its weight's
    bits and nothing else, unrolled: a shared kernel is stored once for each pair of neurons that
    it joins, and a weight of zero takes its place as well.
  mesh: {width: 16, height: 16}
  resources:
    - name: neurons
      scope: core
      capacity: 1024
      demand: neurons
      source: Davies et al. 2018, "Loihi", table 1 (1,024 neurons a core)
    - name: inbound axons
      scope: core
      capacity: 4096
      demand: in_axons
      source: nengo-loihi, block.py and validate.py (4,096 input axons a core)
    - name: synapse bytes
      scope: core
      capacity: 131072
      demand: ceil(synapse_bits / 8)
      source: Davies et al. 2018, "Loihi" (128 KB of synaptic memory a core)
  neurons:
    payloads: [[-128, 127], [0, 255]]
    resets: [subtract, zero]
    schedules: [wavefront, tick, staggered, accumulate]
    weight_bits: [2, 16]
    membrane_bits: [2, 32]
    bias_bits: [2, 32]
    leak: true
    source: chosen to take every program of up to 8-bit payloads, as no real chip is described
  costs:
    E_route: {value: 1.7, source: "AxonFlow (Ronzani and Silvano), preset loihi64"}
    E_wire: {value: 3.5, source: "AxonFlow (Ronzani and Silvano), preset loihi64"}
    L_route: {value: 2.1, source: "AxonFlow (Ronzani and Silvano), preset loihi64"}
    L_wire: {value: 5.3, source: "AxonFlow (Ronzani and Silvano), preset loihi64"}
  """
