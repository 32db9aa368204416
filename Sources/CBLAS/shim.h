#include <cblas.h>

// LAPACK is part of the same library; its Fortran entry points need no further header.
void spotrf_(const char *triangle, const int *order, float *matrix, const int *stride, int *info);
void spotrs_(
  const char *triangle, const int *order, const int *sides, const float *factor,
  const int *stride, float *values, const int *values_stride, int *info);
void spotri_(const char *triangle, const int *order, float *matrix, const int *stride, int *info);
