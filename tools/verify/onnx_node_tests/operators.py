"""The operators of which every float32 forward case must pass, and the cases that need not."""

REQUIRED = frozenset("""
    Add AveragePool BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv
    ConvTranspose DepthToSpace DequantizeLinear Div Dropout Erf Expand Flatten Gather Gelu Gemm
    GlobalAveragePool GlobalMaxPool GroupNormalization HardSigmoid HardSwish Identity If
    InstanceNormalization LRN LayerNormalization LeakyRelu MatMul MaxPool Mul PRelu Pad Pow
    QuantizeLinear Range ReduceMax ReduceMean ReduceSum Relu Reshape Resize Shape Sigmoid Slice
    Softmax SpaceToDepth Split Sqrt Squeeze Sub Tanh Tile Transpose Unsqueeze Upsample Where
""".split())

INTERPOLATION = "interpolation other than nearest is not carried"
NO_ELEMENTS = "a tensor without elements has no place on a chip"
NARROW_TYPE = "weights of this element type are not read"

# Cases of required operators that are refused, with the reason. A refusal that is not listed
# here is an error, and so is an entry here that is no longer refused.
EXCEPTIONS = {
    "test_dequantizelinear_blocked": "scales by blocks are not read",
    "test_dequantizelinear_e4m3fn": NARROW_TYPE,
    "test_dequantizelinear_e4m3fn_zero_point": NARROW_TYPE,
    "test_dequantizelinear_e5m2": NARROW_TYPE,
    "test_dequantizelinear_int4": NARROW_TYPE,
    "test_dequantizelinear_uint4": NARROW_TYPE,
    "test_range_float_type_positive_delta_expanded": "a loop",
    "test_reduce_max_empty_set": NO_ELEMENTS,
    "test_reduce_sum_empty_set": NO_ELEMENTS,
    "test_reduce_sum_empty_set_non_reduced_axis_zero": NO_ELEMENTS,
    "test_reshape_allowzero_reordered": NO_ELEMENTS,
    "test_resize_downsample_scales_cubic": INTERPOLATION,
    "test_resize_downsample_scales_cubic_A_n0p5_exclude_outside": INTERPOLATION,
    "test_resize_downsample_scales_cubic_align_corners": INTERPOLATION,
    "test_resize_downsample_scales_cubic_antialias": INTERPOLATION,
    "test_resize_downsample_scales_linear": INTERPOLATION,
    "test_resize_downsample_scales_linear_align_corners": INTERPOLATION,
    "test_resize_downsample_scales_linear_antialias": INTERPOLATION,
    "test_resize_downsample_scales_linear_half_pixel_symmetric": INTERPOLATION,
    "test_resize_downsample_sizes_cubic": INTERPOLATION,
    "test_resize_downsample_sizes_cubic_antialias": INTERPOLATION,
    "test_resize_downsample_sizes_linear_antialias": INTERPOLATION,
    "test_resize_downsample_sizes_linear_pytorch_half_pixel": INTERPOLATION,
    "test_resize_tf_crop_and_resize": INTERPOLATION,
    "test_resize_tf_crop_and_resize_axes_2_3": INTERPOLATION,
    "test_resize_tf_crop_and_resize_axes_3_2": INTERPOLATION,
    "test_resize_tf_crop_and_resize_extrapolation_value": INTERPOLATION,
    "test_resize_upsample_scales_cubic": INTERPOLATION,
    "test_resize_upsample_scales_cubic_A_n0p5_exclude_outside": INTERPOLATION,
    "test_resize_upsample_scales_cubic_align_corners": INTERPOLATION,
    "test_resize_upsample_scales_cubic_asymmetric": INTERPOLATION,
    "test_resize_upsample_scales_linear": INTERPOLATION,
    "test_resize_upsample_scales_linear_align_corners": INTERPOLATION,
    "test_resize_upsample_scales_linear_half_pixel_symmetric": INTERPOLATION,
    "test_resize_upsample_sizes_cubic": INTERPOLATION,
    "test_slice_start_out_of_bounds": NO_ELEMENTS,
    "test_split_zero_size_splits_opset13": NO_ELEMENTS,
    "test_split_zero_size_splits_opset18": NO_ELEMENTS,
}
