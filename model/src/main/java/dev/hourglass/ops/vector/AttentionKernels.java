package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.dense.GlobalKernel;
import dev.hourglass.kernels.attention.dense.LandmarkKernel;
import dev.hourglass.kernels.attention.dense.WindowKernel;
import dev.hourglass.kernels.attention.neighborhood.NeighborhoodKernel;
import dev.hourglass.kernels.rotary.RotaryTables;
import dev.hourglass.ops.RotaryTable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;

/** The attention kernels of each shape, and the tables of positions in the form that they take. */
final class AttentionKernels {

  private final boolean bfloat16;
  private final Map<Shape, AttentionKernel> kernels = new ConcurrentHashMap<>();
  private final IdentityCache<RotaryTable, RotaryTables> rotaries = new IdentityCache<>();
  private final Map<Grid, RotaryTables> still = new ConcurrentHashMap<>();

  /** What an attention kernel depends on. */
  private record Shape(int images, int h, int w, int heads, int d, Sight sight) {}

  private record Grid(int h, int w, int heads, int d) {}

  AttentionKernels(boolean bfloat16) {
    this.bfloat16 = bfloat16;
  }

  /** The kernel for the grid of {@code x}, {@code [n, h, w, ...]}. */
  AttentionKernel of(Sight sight, Tensor x, int heads, int d) {
    int images = (int) x.size(0);
    int h = (int) x.size(1);
    int w = (int) x.size(2);
    return kernels.computeIfAbsent(new Shape(images, h, w, heads, d, sight), this::make);
  }

  private AttentionKernel make(Shape s) {
    return switch (s.sight) {
      case Sight.Of(AttentionPattern.Global()) ->
          new GlobalKernel(s.images, s.heads, s.h * s.w, s.d, bfloat16);
      case Sight.Of(AttentionPattern.Neighborhood(int kernel)) ->
          new NeighborhoodKernel(s.images, s.heads, s.h, s.w, s.d, kernel);
      case Sight.Of(AttentionPattern.ShiftedWindow(int size, int shift)) ->
          new WindowKernel(s.images, s.heads, s.h, s.w, s.d, size, shift, bfloat16);
      case Sight.ByLandmarks(int rows, int columns) ->
          new LandmarkKernel(s.images, s.heads, s.h, s.w, s.d, rows, columns, bfloat16);
    };
  }

  /** Tables for the grid of {@code x}: those, or such that turn nothing. */
  RotaryTables tables(Optional<RotaryTable> rotary, Tensor x, int heads, int d) {
    if (rotary.isPresent()) {
      return tables(rotary.get());
    }
    return still.computeIfAbsent(
        new Grid((int) x.size(1), (int) x.size(2), heads, d),
        grid -> RotaryTables.still(grid.h, grid.w, grid.heads, grid.d));
  }

  private RotaryTables tables(RotaryTable rotary) {
    return rotaries.get(
        rotary,
        () ->
            RotaryTables.of(
                (int) rotary.cosY().size(0),
                (int) rotary.cosX().size(0),
                (int) rotary.cosY().size(1),
                (int) rotary.cosY().size(2),
                address(rotary.cosY()),
                address(rotary.sinY()),
                address(rotary.cosX()),
                address(rotary.sinX())));
  }
}
