"""The operators of which every float32 forward case must pass, and the cases that need not."""

REQUIRED = frozenset("""
    Add AveragePool BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv
    ConvTranspose DepthToSpace DequantizeLinear Div Dropout Erf Expand Flatten Gather Gelu Gemm
    GlobalAveragePool GlobalMaxPool GroupNormalization HardSigmoid HardSwish Identity If
    InstanceNormalization LRN LayerNormalization LeakyRelu MatMul MaxPool Mul PRelu Pad Pow
    QuantizeLinear Range ReduceMax ReduceMean ReduceSum Relu Reshape Resize Shape Sigmoid Slice
    Softmax SpaceToDepth Split Sqrt Squeeze Sub Tanh Tile Transpose Unsqueeze Upsample Where
""".split())

# Cases of required operators that are refused, with the reason. A refusal that is not listed
# here is an error, and so is an entry here that is no longer refused.
EXCEPTIONS = {}
