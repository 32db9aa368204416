"""Shapes as planes, and the windows that slide over them."""


def product(shape):
    result = 1
    for size in shape:
        result *= size
    return result


def planes(shape):
    """(channels, height, width) of a shape of one to three dimensions."""
    channels, *rest = shape
    return (channels, *([1] * (2 - len(rest))), *rest)


class Axis:
    """A window along one axis."""

    def __init__(self, kernel, stride, dilation, before, after, overhang):
        self.kernel, self.stride, self.dilation = kernel, stride, dilation
        self.before, self.after, self.overhang = before, after, overhang

    def cells(self, size):
        """The output cells over `size` input cells; none or fewer where the window is too large."""
        reach = self.dilation * (self.kernel - 1) + 1
        return (size + self.before + self.after + self.overhang - reach) // self.stride + 1

    def targets(self, cell, cells):
        """(k, output cell) of every tap of the kernel that meets an input cell."""
        result = []
        for k in range(self.kernel):
            output, rest = divmod(cell + self.before - k * self.dilation, self.stride)
            if not rest and 0 <= output < cells:
                result.append((k, output))
        return result


def axes(window):
    vertical = Axis(
        window.kernel_y, window.stride_y, window.dilation_y,
        window.padding_top, window.padding_bottom, window.overhang_y,
    )
    horizontal = Axis(
        window.kernel_x, window.stride_x, window.dilation_x,
        window.padding_left, window.padding_right, window.overhang_x,
    )
    return vertical, horizontal


def slide(window, height, width):
    """(height, width) of what a window gives."""
    vertical, horizontal = axes(window)
    return vertical.cells(height), horizontal.cells(width)


def taps(window, height, width):
    """For each input cell of a plane: (index in the kernel, output cell) of all that it reaches."""
    vertical, horizontal = axes(window)
    rows, columns = vertical.cells(height), horizontal.cells(width)
    across = [horizontal.targets(x, columns) for x in range(width)]
    table = []
    for y in range(height):
        down = vertical.targets(y, rows)
        for x in range(width):
            table.append([
                (ky * horizontal.kernel + kx, row * columns + column)
                for ky, row in down
                for kx, column in across[x]
            ])
    return table
